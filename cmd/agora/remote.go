package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"agora/index"
)

// remote asks the process that owns the index, over HTTP at the address in its lock.
type remote struct {
	holder holder
	client http.Client
}

// askTimeout bounds one question to the owner; an export streams longer.
const askTimeout = 30 * time.Second

// ask sends a GET for path with parameters and returns the body, which the caller
// closes. Statuses become the errors that they mean.
func (r *remote) ask(ctx context.Context, path string, parameters url.Values) (io.ReadCloser, error) {
	address := (&url.URL{Scheme: "http", Host: r.holder.Address, Path: path, RawQuery: parameters.Encode()}).String()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	response, err := r.client.Do(request)
	if err != nil {
		return nil, fmt.Errorf("ask %s at %s: %w", r.holder, r.holder.Address, err)
	}
	if response.StatusCode == http.StatusOK {
		return response.Body, nil
	}
	defer response.Body.Close()
	var problem struct{ Title, Detail string }
	if json.NewDecoder(io.LimitReader(response.Body, 1<<16)).Decode(&problem) != nil || problem.Detail == "" {
		problem.Detail = response.Status
	}
	switch response.StatusCode {
	case http.StatusBadRequest:
		return nil, fmt.Errorf("%w: %s", index.ErrInvalid, problem.Detail)
	case http.StatusNotFound:
		return nil, fmt.Errorf("%w: %s", index.ErrNotFound, problem.Detail)
	}
	return nil, fmt.Errorf("ask %s: %s", r.holder, problem.Detail)
}

// owner returns the remote that answers in this process's place, if err says that the
// index is in use by one that does.
func owner(err error) (*remote, bool) {
	var locked *lockedError
	if !errors.As(err, &locked) || locked.holder.Address == "" {
		return nil, false
	}
	return &remote{holder: locked.holder}, true
}
