// goxmldsig: is each document signed by the certificate? Arguments: the certificate, then documents.
// Says true, false and why, one line a document.
package main

import (
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"
)

func verified(file string, trusted *x509.Certificate) error {
	document := etree.NewDocument()
	if err := document.ReadFromFile(file); err != nil {
		return err
	}
	store := &dsig.MemoryX509CertificateStore{Roots: []*x509.Certificate{trusted}}
	context := dsig.NewDefaultValidationContext(store)
	// By itself it judges the certificate's dates by the clock: here by a moment at which it was valid.
	context.Clock = dsig.NewFakeClockAt(trusted.NotBefore.AddDate(0, 0, 1))
	_, err := context.Validate(document.Root())
	return err
}

func main() {
	text, err := os.ReadFile(os.Args[1])
	if err != nil {
		panic(err)
	}
	block, _ := pem.Decode(text)
	trusted, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		panic(err)
	}
	for _, file := range os.Args[2:] {
		if err := verified(file, trusted); err != nil {
			fmt.Println("false", err)
		} else {
			fmt.Println("true")
		}
	}
}
