package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"
)

// api speaks to the API server.
type api struct {
	server string
	token  string
	client *http.Client
}

func newAPI(server string, c credentials) (api, error) {
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(c.certificate) {
		return api{}, fmt.Errorf("the certificate of the API server cannot be read")
	}
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}
	return api{server: server, token: c.token, client: &http.Client{Transport: transport, Timeout: time.Minute}}, nil
}

// call sends a request with body, if it is not nil, and decodes the answer into
// result, if that is not nil.
func (a api) call(ctx context.Context, method, path string, body, result any) error {
	var sent []byte
	if body != nil {
		var err error
		if sent, err = json.Marshal(body); err != nil {
			return err
		}
	}
	return a.send(ctx, method, path, "application/json", sent, result)
}

// apply applies an object, written as YAML, by server-side apply.
func (a api) apply(ctx context.Context, path string, text []byte) error {
	return a.send(ctx, http.MethodPatch, path+"?fieldManager=cluster&force=true", "application/apply-patch+yaml", text, nil)
}

func (a api) send(ctx context.Context, method, path, contentType string, body []byte, result any) error {
	request, err := http.NewRequestWithContext(ctx, method, a.server+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+a.token)
	request.Header.Set("Content-Type", contentType)
	response, err := a.client.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }() // it was read
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode >= http.StatusBadRequest {
		return fmt.Errorf("%s %s: %s: %s", method, path, response.Status, bytes.TrimSpace(answer))
	}
	if result == nil {
		return nil
	}
	return json.Unmarshal(answer, result)
}
