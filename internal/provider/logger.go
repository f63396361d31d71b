package provider

import (
	"context"
	"log/slog"

	"github.com/hashicorp/terraform-plugin-log/tflog"
)

// newLogger returns a logger whose records go to Terraform's provider log, with
// the context that each call carries.
func newLogger() *slog.Logger { return slog.New(logHandler{}) }

// logHandler bridges log/slog to tflog.
type logHandler struct{ fields map[string]any }

// Enabled leaves filtering to Terraform's log level.
func (logHandler) Enabled(context.Context, slog.Level) bool { return true }

// Handle writes one record.
func (h logHandler) Handle(ctx context.Context, record slog.Record) error {
	fields := make(map[string]any, len(h.fields)+record.NumAttrs())
	for name, value := range h.fields {
		fields[name] = value
	}
	record.Attrs(func(a slog.Attr) bool {
		fields[a.Key] = a.Value.String()
		return true
	})
	switch {
	case record.Level >= slog.LevelError:
		tflog.Error(ctx, record.Message, fields)
	case record.Level >= slog.LevelWarn:
		tflog.Warn(ctx, record.Message, fields)
	case record.Level >= slog.LevelInfo:
		tflog.Info(ctx, record.Message, fields)
	default:
		tflog.Debug(ctx, record.Message, fields)
	}
	return nil
}

// WithAttrs returns a handler that adds the attributes to each record.
func (h logHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	fields := make(map[string]any, len(h.fields)+len(attrs))
	for name, value := range h.fields {
		fields[name] = value
	}
	for _, a := range attrs {
		fields[a.Key] = a.Value.String()
	}
	return logHandler{fields: fields}
}

// WithGroup keeps the attributes flat, as tflog's fields are.
func (h logHandler) WithGroup(string) slog.Handler { return h }
