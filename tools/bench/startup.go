package main

import (
	"context"
	"fmt"
	"os/exec"
	"slices"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/emptypb"
)

// startups is how often the start is measured. The first ones read the program
// from disk; the median is what a user sees from the second command on.
const startups = 15

// maxMessage is the size of the largest message that Terraform takes from a
// provider. Source: opentofu v1.12.6, internal/plugin6/grpc_provider.go.
const maxMessage = 64 << 20

// handshake is what Terraform and a provider of protocol 6 greet each other
// with. Source: terraform-plugin-go v0.31.0, tfprotov6/tf6server/server.go.
var handshake = plugin.HandshakeConfig{
	ProtocolVersion:  6,
	MagicCookieKey:   "TF_PLUGIN_MAGIC_COOKIE",
	MagicCookieValue: "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
}

// medianStartup starts the provider as Terraform does and returns the median
// time until its schema has arrived.
func medianStartup(ctx context.Context, binary string) (time.Duration, error) {
	times := make([]time.Duration, 0, startups)
	for range startups {
		took, err := startup(ctx, binary)
		if err != nil {
			return 0, err
		}
		times = append(times, took)
	}
	slices.Sort(times)
	return times[len(times)/2], nil
}

// startup starts the provider once and asks for its schema.
func startup(ctx context.Context, binary string) (time.Duration, error) {
	client := plugin.NewClient(&plugin.ClientConfig{
		HandshakeConfig:  handshake,
		VersionedPlugins: map[int]plugin.PluginSet{6: {"provider": connection{}}},
		Cmd:              exec.CommandContext(ctx, binary),
		AllowedProtocols: []plugin.Protocol{plugin.ProtocolGRPC},
		AutoMTLS:         true,
		Logger:           hclog.NewNullLogger(),
	})
	defer client.Kill()

	started := time.Now()
	protocol, err := client.Client()
	if err != nil {
		return 0, fmt.Errorf("start %s: %w", binary, err)
	}
	raw, err := protocol.Dispense("provider")
	if err != nil {
		return 0, err
	}
	conn, ok := raw.(*grpc.ClientConn)
	if !ok {
		return 0, fmt.Errorf("the plugin client returned a %T, want a gRPC connection", raw)
	}
	// The request has no field, and an empty message keeps the fields of the
	// answer unread: no generated code of the protocol is needed.
	var schema emptypb.Empty
	err = conn.Invoke(ctx, "/tfplugin6.Provider/GetProviderSchema", &emptypb.Empty{}, &schema, grpc.MaxCallRecvMsgSize(maxMessage))
	if err != nil {
		return 0, fmt.Errorf("ask %s for its schema: %w", binary, err)
	}
	took := time.Since(started)
	if len(schema.ProtoReflect().GetUnknown()) == 0 {
		return 0, fmt.Errorf("%s sent an empty schema", binary)
	}
	return took, nil
}

// connection hands out the bare gRPC connection to the provider.
type connection struct{ plugin.NetRPCUnsupportedPlugin }

// GRPCServer is not called: the provider is the server.
func (connection) GRPCServer(*plugin.GRPCBroker, *grpc.Server) error { return nil }

// GRPCClient returns the connection itself.
func (connection) GRPCClient(_ context.Context, _ *plugin.GRPCBroker, conn *grpc.ClientConn) (any, error) {
	return conn, nil
}
