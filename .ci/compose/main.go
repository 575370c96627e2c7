// Compose loads docker-compose.yml as Docker Compose does and prints the services of the given profiles as JSON. It is a
// module of its own, because its dependencies are larger than the program's.
//
//	compose [-profiles production,litestream] FILE...
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strings"

	"github.com/compose-spec/compose-go/v2/cli"
)

func main() {
	profiles := flag.String("profiles", "", "profiles, separated by commas")
	flag.Parse()
	if err := run(flag.Args(), strings.FieldsFunc(*profiles, func(r rune) bool { return r == ',' })); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(files, profiles []string) error {
	options, err := cli.NewProjectOptions(files, cli.WithOsEnv, cli.WithEnvFiles(), cli.WithDotEnv, cli.WithProfiles(profiles))
	if err != nil {
		return fmt.Errorf("read options: %w", err)
	}
	project, err := options.LoadProject(context.Background())
	if err != nil {
		return fmt.Errorf("load %s: %w", strings.Join(files, ", "), err)
	}
	text, err := project.MarshalJSON()
	if err != nil {
		return fmt.Errorf("print project: %w", err)
	}
	_, err = fmt.Println(string(text))
	return err
}
