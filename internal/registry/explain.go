package registry

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/google/go-containerregistry/pkg/v1/remote/transport"
)

// explain makes an *Error of what went wrong below. A context that is done stays what it is. Texts of errors from
// elsewhere are used only where it is known what is in them, since URLs and bodies may hold secrets.
func (e *endpoint) explain(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if known := e.explainTLS(err); known != nil {
		return known
	}
	var done *Error
	if errors.As(err, &done) {
		return done
	}
	var status *transport.Error
	if errors.As(err, &status) {
		var words []string
		for _, d := range status.Errors {
			words = append(words, strings.Trim(string(d.Code)+": "+d.Message, ": "))
		}
		return e.statusError(status.StatusCode, e.redact.clean(strings.Join(words, "; ")))
	}
	if known := e.explainNetwork(err); known != nil {
		return known
	}
	var plain *plainHTTPError
	if errors.As(err, &plain) {
		return e.plainHTTPRefused(plain)
	}
	return &Error{
		Kind:   ErrServer,
		Found:  fmt.Sprintf("%s does not answer as a registry does: %s", e.host, e.redact.clean(innermost(err).Error())),
		Remedy: "check that the host is a container registry",
	}
}

// setting returns the path of a setting of this registry in HCL.
func (e *endpoint) setting(field string) string {
	return fmt.Sprintf("registries[%q].%s", e.host, field)
}

func (e *endpoint) explainTLS(err error) *Error {
	var (
		authority x509.UnknownAuthorityError
		hostname  x509.HostnameError
		invalid   x509.CertificateInvalidError
		record    tls.RecordHeaderError
	)
	switch {
	case errors.As(err, &authority):
		return &Error{
			Kind: ErrTLS, Cause: authority,
			Found:  e.host + " shows a certificate whose authority is not trusted",
			Remedy: "if the registry is yours, set " + e.setting("ca_certificate_pem") + " to the certificate of its authority",
		}
	case errors.As(err, &hostname):
		return &Error{
			Kind: ErrTLS, Cause: hostname,
			Found:  e.host + " shows a certificate for another host: " + e.redact.clean(hostname.Error()),
			Remedy: "write the host as the certificate names it, or have the certificate replaced",
		}
	case errors.As(err, &invalid):
		return &Error{
			Kind: ErrTLS, Cause: invalid,
			Found:  e.host + " shows a certificate that is not valid: " + e.redact.clean(invalid.Error()),
			Remedy: "have the certificate replaced, and check this machine's clock",
		}
	case isRemoteAlert(err):
		return &Error{
			Kind:   ErrTLS,
			Found:  e.host + " ends the TLS handshake: " + e.redact.clean(innermost(err).Error()),
			Remedy: "check " + e.setting("client_certificate_pem") + ", and that the registry speaks TLS 1.2 or newer",
		}
	case errors.Is(err, http.ErrSchemeMismatch) || errors.As(err, &record):
		if e.plainHTTP {
			return nil // HTTPS was only the first try; the error of plain HTTP is the one to tell.
		}
		return e.plainHTTPRefused(&plainHTTPError{host: e.host})
	}
	return nil
}

// explainSession is explain for the first request to a host, which is where a missing client certificate shows.
func (e *endpoint) explainSession(ctx context.Context, err error) error {
	if ctx.Err() == nil && e.asksForCertificate.Load() && endedWithoutAnswer(err) {
		return &Error{
			Kind:   ErrTLS,
			Found:  e.host + " asks for a client certificate and ends the connection without one",
			Remedy: "set " + e.setting("client_certificate_pem") + " and client_key_pem",
		}
	}
	return e.explain(ctx, err)
}

// endedWithoutAnswer reports whether an HTTPS connection came about and ended before an answer, in whatever words: the alert,
// a reset, or HTTP/2's own.
func endedWithoutAnswer(err error) bool {
	var (
		failed    *url.Error
		operation *net.OpError
		done      *Error
	)
	return errors.As(err, &failed) && strings.HasPrefix(failed.URL, "https:") && !failed.Timeout() &&
		!errors.As(failed.Err, &done) && !(errors.As(failed.Err, &operation) && operation.Op == "dial")
}

// isRemoteAlert reports whether the other side ended TLS with an alert, which crypto/tls wraps so.
func isRemoteAlert(err error) bool {
	var operation *net.OpError
	return errors.As(err, &operation) && operation.Op == "remote error"
}

func (e *endpoint) plainHTTPRefused(refused *plainHTTPError) *Error {
	if refused.redirected {
		return &Error{
			Kind:   ErrPlainHTTP,
			Found:  fmt.Sprintf("%s redirects to %s without encryption", e.host, refused.host),
			Remedy: fmt.Sprintf("ask the registry's operator to redirect to https, or set registries[%q].plain_http = true if the network is trusted", refused.host),
		}
	}
	return &Error{
		Kind:   ErrPlainHTTP,
		Found:  e.host + " does not speak TLS",
		Remedy: "set " + e.setting("plain_http") + " = true if the network between is trusted",
	}
}

func (e *endpoint) explainNetwork(err error) *Error {
	var (
		dns       *net.DNSError
		operation *net.OpError
		timeout   net.Error
	)
	unreachable := &Error{Kind: ErrUnreachable, Remedy: "check the registry's name and port, the network, and the proxy settings in HTTPS_PROXY and NO_PROXY"}
	switch {
	case errors.As(err, &dns):
		unreachable.Found = fmt.Sprintf("%s has no address: the name %s: %s", e.host, dns.Name, dns.Err)
		unreachable.Cause = dns
	case errors.Is(err, context.DeadlineExceeded) || (errors.As(err, &timeout) && timeout.Timeout()):
		unreachable.Found = e.host + " did not answer in time"
		unreachable.Remedy += "; for a slow registry raise request_timeout_seconds"
		unreachable.Cause = context.DeadlineExceeded
	case isBroken(err):
		unreachable.Found = fmt.Sprintf("%s broke the connection %d times", e.host, e.policy.max+1)
	case errors.As(err, &operation):
		unreachable.Found = fmt.Sprintf("%s can not be reached: %s", e.host, e.redact.clean(operation.Error()))
		unreachable.Cause = operation
	default:
		return nil
	}
	return unreachable
}

// refusal explains an answer that is not a success and was not worth a retry, in its own words, and says if it came from another host.
func (e *endpoint) refusal(resp *http.Response) *Error {
	err := e.statusError(resp.StatusCode, readWords(resp, e.redact))
	if host := resp.Request.URL.Host; resp.Request.Response != nil && host != resp.Request.Response.Request.URL.Host {
		err.Found = fmt.Sprintf("%s redirects to %s, and %s", e.host, host, strings.Replace(err.Found, e.host, "that host", 1))
	}
	return err
}

// statusError explains an answer that is not a success and was not worth a retry.
func (e *endpoint) statusError(status int, words string) *Error {
	err := &Error{
		Found: fmt.Sprintf("%s answered %d %s", e.host, status, http.StatusText(status)),
		Cause: &statusCodeError{status},
	}
	if words != "" {
		err.Found += ": " + words
	}
	switch status {
	case http.StatusNotFound:
		err.Kind = ErrNotFound
		err.Remedy = "check the repository's name, and the tag or digest"
	case http.StatusUnauthorized:
		err.Kind = ErrUnauthorized
		err.Remedy = e.unauthorizedRemedy()
	case http.StatusForbidden:
		err.Kind = ErrForbidden
		err.Remedy = "ask the registry's operator to let these credentials pull from the repository"
	default:
		err.Kind = ErrServer
		err.Remedy = "check that the host is a container registry and the repository's name is right"
	}
	return err
}

func (e *endpoint) unauthorizedRemedy() string {
	const hint = "; registries also answer so for a repository that does not exist"
	switch {
	case e.settings.Token != "":
		return "check " + e.setting("token") + hint
	case e.settings.Username != "":
		return "check " + e.setting("username") + " and password" + hint
	default:
		return "run docker login " + e.host + ", or set " + e.setting("username") + " and password" + hint
	}
}

// innermost returns the error without the URLs that net/http wraps around it.
func innermost(err error) error {
	var wrapped *url.Error
	for errors.As(err, &wrapped) {
		err = wrapped.Err
	}
	return err
}
