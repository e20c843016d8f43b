package keys

import (
	"errors"
	"math/big"
)

// errDER is what is no sequence of integers. Packages crypto/x509 and encoding/asn1 would say more, and are not to come
// into what is built for the browser.
var errDER = errors.New("not a DER sequence of integers")

// integers reads a DER SEQUENCE of INTEGERs, none of them negative (X.690 §8.3, §8.9).
func integers(data []byte) ([]*big.Int, error) {
	body, rest, err := element(data, 0x30)
	if err != nil || len(rest) != 0 {
		return nil, errDER
	}
	var list []*big.Int
	for len(body) > 0 {
		var n []byte
		if n, body, err = element(body, 0x02); err != nil || len(n) == 0 || n[0]&0x80 != 0 {
			return nil, errDER
		}
		list = append(list, new(big.Int).SetBytes(n))
	}
	return list, nil
}

// element reads one element with a tag: what it holds, and what comes behind it.
func element(data []byte, tag byte) (content, rest []byte, err error) {
	if len(data) < 2 || data[0] != tag {
		return nil, nil, errDER
	}
	size, at := int(data[1]), 2
	if size >= 0x80 {
		n := size & 0x7f
		if n == 0 || n > 2 || len(data) < 2+n {
			return nil, nil, errDER
		}
		size, at = 0, 2+n
		for _, b := range data[2:at] {
			size = size<<8 | int(b)
		}
	}
	if len(data)-at < size {
		return nil, nil, errDER
	}
	return data[at : at+size], data[at+size:], nil
}
