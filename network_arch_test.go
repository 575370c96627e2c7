package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// environmentClients use a proxy that the environment names, whatever the settings say: the transport of net/http does
// so unless its Proxy is replaced.
var environmentClients = map[string]bool{
	"http.ProxyFromEnvironment": true, "httpproxy.FromEnvironment": true,
	"http.DefaultClient": true, "http.DefaultTransport": true,
	"http.Get": true, "http.Head": true, "http.Post": true, "http.PostForm": true,
}

// Requests to other services use the proxy in HTTPS_PROXY as app/config reads it, and those to file hosts are guarded.
// Both are the business of outbound.Network.
func TestNoClientReadsTheProxyFromTheEnvironment(t *testing.T) {
	for _, p := range productPackages(t) {
		files, err := filepath.Glob(filepath.Join(p.name, "*.go"))
		require.NoError(t, err)
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			source, err := os.ReadFile(file)
			require.NoError(t, err)
			for _, use := range environmentUses(t, string(source)) {
				if filepath.ToSlash(file) == "app/outbound/network.go" && use == "http.DefaultTransport" {
					continue // ConfigureDefault replaces its proxy
				}
				assert.Fail(t, "a client would use the proxy of the environment", "%s uses %s; create a transport with outbound.Network", file, use)
			}
		}
	}
}

// environmentUses returns what in a Go file would send requests through a proxy that the environment names.
func environmentUses(t *testing.T, source string) (uses []string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "", source, parser.SkipObjectResolution)
	require.NoError(t, err)
	ast.Inspect(file, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.SelectorExpr:
			if environmentClients[selector(node)] {
				uses = append(uses, selector(node))
			}
		case *ast.CompositeLit:
			if selector(node.Type) == "http.Client" && !hasField(node, "Transport") {
				uses = append(uses, "http.Client without Transport")
			}
		case *ast.ValueSpec:
			if selector(node.Type) == "http.Client" && len(node.Values) == 0 {
				uses = append(uses, "http.Client without Transport")
			}
		case *ast.CallExpr:
			if name, ok := node.Fun.(*ast.Ident); ok && name.Name == "new" && selector(node.Args[0]) == "http.Client" {
				uses = append(uses, "http.Client without Transport")
			}
		}
		return true
	})
	return uses
}

func selector(expr ast.Expr) string {
	selected, ok := expr.(*ast.SelectorExpr)
	if !ok {
		return ""
	}
	pkg, ok := selected.X.(*ast.Ident)
	if !ok {
		return ""
	}
	return pkg.Name + "." + selected.Sel.Name
}

func hasField(literal *ast.CompositeLit, name string) bool {
	for _, element := range literal.Elts {
		if pair, ok := element.(*ast.KeyValueExpr); ok {
			if key, ok := pair.Key.(*ast.Ident); ok && key.Name == name {
				return true
			}
		}
	}
	return false
}

func TestEnvironmentUsesAreFound(t *testing.T) {
	for body, found := range map[string]bool{
		"t := &http.Transport{Proxy: http.ProxyFromEnvironment}": true,
		"r, err := http.Get(link)":                               true,
		"r, err := http.DefaultClient.Do(q)":                     true,
		"c := http.Client{Timeout: 5}":                           true,
		"var c http.Client":                                      true,
		"c := new(http.Client)":                                  true,
		"f := httpproxy.FromEnvironment().ProxyFunc()":           true,
		"c := http.Client{Transport: t}":                         false,
		"t := &http.Transport{}":                                 false,
		"x := cache.Get(link)":                                   false,
	} {
		uses := environmentUses(t, "package x\nfunc f() { "+body+" }")
		assert.Equal(t, found, len(uses) > 0, "%s: %v", body, uses)
	}
}
