package main

import "testing"

func TestAssetsAreLean(t *testing.T) {
	for _, tc := range []struct{ name, from, want string }{
		{"first.js", "// Why.\ntry {\n  const look = 'a';\n  use(look);\n} catch {\n  // Nothing.\n}\n", "try{use(\"a\")}catch{}\n"},
		{"icons.svg", "<svg>\n<!-- A\n b. -->\n<symbol id=\"a\" viewBox=\"0 0 2 2\"><path d=\"M1 1\n2 2\"/></symbol>\n</svg>\n", "<svg><symbol id=\"a\" viewBox=\"0 0 2 2\"><path d=\"M1 1\n2 2\"/></symbol></svg>"},
		{"strings.de.json", "{\n  \"a\": \"b  c\"\n}\n", `{"a":"b  c"}`},
		{"app.webmanifest", "{ \"name\": \"a\" }\n", `{"name":"a"}`},
		{"icon.png", "\x89PNG \n", "\x89PNG \n"},
	} {
		got, err := lean(tc.name, []byte(tc.from))
		if err != nil || string(got) != tc.want {
			t.Errorf("%s: %q (%v), want %q", tc.name, got, err, tc.want)
		}
	}
	for name, bad := range map[string]string{"first.js": "try {", "strings.de.json": `{"a":}`} {
		if got, err := lean(name, []byte(bad)); err == nil {
			t.Errorf("%s: %q became %q, want an error", name, bad, got)
		}
	}
}
