// Install makes sure that there is a browser for the tests and prints its path:
// see package chromium.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"

	"sotto/build/chromium"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	file, err := chromium.Ensure(ctx, os.Stderr)
	if err != nil {
		fmt.Fprintln(os.Stderr, "chromium:", err)
		os.Exit(1)
	}
	fmt.Println(file)
}
