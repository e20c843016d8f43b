package config

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"sotto/backend/relay"
)

// Network is an address or a range of addresses: 10.0.0.1, 10.0.0.0/8, ::1.
type Network struct{ netip.Prefix }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (n *Network) UnmarshalText(text []byte) error {
	s := strings.TrimSpace(string(text))
	if addr, err := netip.ParseAddr(s); err == nil {
		n.Prefix = netip.PrefixFrom(addr, addr.BitLen())
		return nil
	}
	prefix, err := netip.ParsePrefix(s)
	if err != nil {
		return fmt.Errorf("%q is neither an address nor a network like 10.0.0.0/8", s)
	}
	n.Prefix = prefix.Masked()
	return nil
}

// Rate is how often something may happen: "PER_SECOND:AT_ONCE", or "off" for without limit.
type Rate struct{ relay.Rate }

const noLimit = "off"

// UnmarshalText implements [encoding.TextUnmarshaler].
func (r *Rate) UnmarshalText(text []byte) error {
	s := string(text)
	if s == noLimit {
		r.Rate = relay.Rate{}
		return nil
	}
	rate, burst, _ := strings.Cut(s, ":")
	perSecond, err := strconv.ParseFloat(rate, 64)
	atOnce, err2 := strconv.Atoi(burst)
	if err != nil || err2 != nil || !(perSecond > 0 && perSecond <= 1e9) || atOnce < 1 {
		return fmt.Errorf("%q is not PER_SECOND:AT_ONCE, like 50:1000, nor %s", s, noLimit)
	}
	r.Rate = relay.Rate{PerSecond: perSecond, Burst: atOnce}
	return nil
}

// String gives the text that is read.
func (r Rate) String() string {
	if r.Rate == (relay.Rate{}) {
		return noLimit
	}
	return strconv.FormatFloat(r.PerSecond, 'g', -1, 64) + ":" + strconv.Itoa(r.Burst)
}
