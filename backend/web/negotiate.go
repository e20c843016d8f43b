package web

import (
	"net/http"
	"strconv"
	"strings"
)

// choose gives the best form of a that the request accepts (RFC 9110 §12.5.3). The plain one is always right.
func (a *asset) choose(r *http.Request) form {
	accepted := acceptedEncodings(r.Header.Values("Accept-Encoding"))
	for _, f := range a.forms[:len(a.forms)-1] {
		weight, named := accepted[f.encoding]
		if !named {
			weight = accepted["*"]
		}
		if weight > 0 {
			return f
		}
	}
	return a.forms[len(a.forms)-1]
}

// acceptedEncodings gives the weight of each encoding that is named.
func acceptedEncodings(values []string) map[string]float64 {
	accepted := make(map[string]float64)
	for item := range strings.SplitSeq(strings.Join(values, ","), ",") {
		name, parameter, _ := strings.Cut(item, ";")
		weight := 1.0
		if q, ok := strings.CutPrefix(strings.TrimSpace(parameter), "q="); ok {
			var err error
			if weight, err = strconv.ParseFloat(q, 64); err != nil {
				weight = 0
			}
		}
		if name = strings.ToLower(strings.TrimSpace(name)); name != "" {
			accepted[name] = weight
		}
	}
	return accepted
}

// matches says whether the client has this form already (RFC 9110 §13.1.2).
func (f form) matches(r *http.Request) bool {
	for item := range strings.SplitSeq(strings.Join(r.Header.Values("If-None-Match"), ","), ",") {
		if tag := strings.TrimPrefix(strings.TrimSpace(item), "W/"); tag == f.etag || tag == "*" {
			return true
		}
	}
	return false
}
