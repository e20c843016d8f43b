package weak

import (
	"crypto/aes"
	"slices"
)

// Oracle is a receiver who tells whether the padding of a message was right, by its answer or by the time it takes.
type Oracle func(data []byte) (right bool)

// Read decrypts data, an IV with its ciphertext, without the key: it asks the oracle at most 256 times for each byte
// (Vaudenay, Security Flaws Induced by CBC Padding, EUROCRYPT 2002). It gives the text and how often it asked.
func Read(data []byte, ask Oracle) (text string, asked int, err error) {
	if len(data) < 2*aes.BlockSize || len(data)%aes.BlockSize != 0 {
		return "", 0, ErrPadding
	}
	var plain []byte
	for at := aes.BlockSize; at < len(data); at += aes.BlockSize {
		before, this := data[at-aes.BlockSize:at], data[at:at+aes.BlockSize]
		inner, n := readBlock(this, ask)
		asked += n
		for i := range inner {
			plain = append(plain, inner[i]^before[i])
		}
	}
	pad := int(plain[len(plain)-1])
	if pad == 0 || pad > aes.BlockSize {
		return "", asked, ErrPadding
	}
	return string(plain[:len(plain)-pad]), asked, nil
}

// readBlock finds what AES gives for a block before it is mixed with the block in front: from the last byte on, it
// looks for the block in front that makes the padding right.
func readBlock(this []byte, ask Oracle) (inner [aes.BlockSize]byte, asked int) {
	front := make([]byte, aes.BlockSize)
	try := func() bool { asked++; return ask(slices.Concat(front, this)) }
	for at := aes.BlockSize - 1; at >= 0; at-- {
		want := byte(aes.BlockSize - at)
		for i := at + 1; i < aes.BlockSize; i++ {
			front[i] = inner[i] ^ want
		}
		for guess := range 256 {
			front[at] = byte(guess)
			if !try() {
				continue
			}
			if at == aes.BlockSize-1 { // 02 02 is right too: then another byte before it makes it wrong
				front[at-1] ^= 1
				single := try()
				front[at-1] ^= 1
				if !single {
					continue
				}
			}
			inner[at] = byte(guess) ^ want
			break
		}
	}
	return inner, asked
}
