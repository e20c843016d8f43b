// Package rawtext writes bytes into the text of an HTML page whose character set is windows-1252, where each byte is one
// character: the bytes cost 2 % more then, and 33 % in base64. Four of them would not survive in a script element: NUL and
// CR, which a parser replaces, "<", which could end the element, and the sign that stands before these. A byte b of those
// is written as "=" and b XOR 0x40.
package rawtext

// Charset is the character set that a page with such a text must have.
const Charset = "windows-1252"

const (
	sign = '='
	flip = 0x40
)

// Encode gives the text of data. js/demo/start.js reads it.
func Encode(data []byte) []byte {
	text := make([]byte, 0, len(data)+len(data)/32)
	for _, b := range data {
		switch b {
		case 0, '\r', '<', sign:
			text = append(text, sign, b^flip)
		default:
			text = append(text, b)
		}
	}
	return text
}

// Decode is [Encode] backwards. What stands behind a sign at the end is left out.
func Decode(text []byte) []byte {
	data := make([]byte, 0, len(text))
	for i := 0; i < len(text); i++ {
		b := text[i]
		if b == sign {
			if i++; i == len(text) {
				break
			}
			b = text[i] ^ flip
		}
		data = append(data, b)
	}
	return data
}
