package main

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"agora": func() { os.Exit(mainCode()) }})
}

// TestScript runs the program, end to end, as people run it.
func TestScript(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":   exits,
			"fetch":   getPage,
			"await":   await,
			"follows": follows,
			"town":    town,
		},
		Condition: func(name string) (bool, error) { return name == "root" && os.Geteuid() == 0, nil },
	})
}

// town starts a site of N invented releases and writes a catalogue that points at it:
// town N; the catalogue is office.yaml.
func town(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: town N")
	}
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	s := &townSite{releases: n, perPage: 10, asked: map[string]int{}}
	s.Server = httptest.NewServer(s)
	ts.Defer(s.Close)
	ts.Check(os.WriteFile(ts.MkAbs("office.yaml"), []byte(s.entry()), 0o600))
}

// exits runs the program and compares its exit code: exits CODE ARG…
func exits(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND ARG...")
	}
	err := ts.Exec(args[1], args[2:]...)
	code := "0"
	if err != nil {
		// "exit status N" is all that a script needs to know of an exec.ExitError.
		code = strings.TrimPrefix(err.Error(), "exit status ")
	}
	if code != args[0] {
		ts.Fatalf("exit code %s, want %s", code, args[0])
	}
}

// address returns where the server of the script's data folder answers, as its lock says.
func address(ts *testscript.TestScript, data string) string {
	return readHolder(ts.MkAbs(data) + "/" + indexLock).Address
}

// patience bounds how long a script waits for a server; it is never reached by one that
// works.
const patience = 30 * time.Second

// poll asks the server of a data folder for path until its answer is good.
func poll(ts *testscript.TestScript, data, path string, good func(status int, body string) bool) {
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); {
		host := address(ts, data)
		if host == "" {
			continue
		}
		if status, body, err := get("http://" + host + path); err == nil && good(status, body) {
			return
		}
	}
	ts.Fatalf("the server of %s never gave the answer waited for", data)
}

// await waits until the server of a data folder is ready: await DATA
func await(ts *testscript.TestScript, _ bool, args []string) {
	poll(ts, args[0], "/readyz", func(status int, _ string) bool { return status == http.StatusOK })
}

// follows waits until the server of a data folder finds as many releases: follows DATA N
func follows(ts *testscript.TestScript, _ bool, args []string) {
	poll(ts, args[0], "/api/v1/releases", func(_ int, body string) bool {
		return strings.Contains(body, `"total":`+args[1]+",") && strings.Contains(body, `"exact":true`)
	})
}

// fetch asks the server of a data folder: fetch DATA PATH STATUS; the body is written to the file body.
func getPage(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: fetch DATA PATH STATUS")
	}
	status, body, err := get("http://" + address(ts, args[0]) + args[1])
	ts.Check(err)
	if strconv.Itoa(status) != args[2] {
		ts.Fatalf("GET %s: %d, want %s\n%s", args[1], status, args[2], body)
	}
	ts.Check(os.WriteFile(ts.MkAbs("body"), []byte(body), 0o600))
}

// get asks an address and returns status and body.
func get(address string) (int, string, error) {
	request, err := http.NewRequestWithContext(context.Background(), http.MethodGet, address, nil)
	if err != nil {
		return 0, "", err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, "", err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return response.StatusCode, string(body), err
}
