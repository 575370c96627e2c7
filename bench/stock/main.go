// Stock is PocketBase as its documentation builds it, for bench to compare with.
package main

import (
	"log"

	"github.com/pocketbase/pocketbase"
	"github.com/pocketbase/pocketbase/core"
)

func main() {
	pb := pocketbase.NewWithConfig(pocketbase.Config{HideStartBanner: true})
	pb.OnServe().BindFunc(func(e *core.ServeEvent) error {
		e.InstallerFunc = nil // opens a browser
		return e.Next()
	})
	if err := pb.Start(); err != nil {
		log.Fatal(err)
	}
}
