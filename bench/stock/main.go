// Stock is a PocketBase program as in its documentation. Bench compares user databases with it.
package main

import (
	"log"

	"github.com/pocketbase/pocketbase"
	"github.com/pocketbase/pocketbase/core"
)

func main() {
	pb := pocketbase.NewWithConfig(pocketbase.Config{HideStartBanner: true})
	pb.OnServe().BindFunc(func(e *core.ServeEvent) error {
		e.InstallerFunc = nil // would open a browser
		return e.Next()
	})
	if err := pb.Start(); err != nil {
		log.Fatal(err)
	}
}
