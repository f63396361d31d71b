// Command etcd serves one etcd member that keeps its data in a folder and
// forgets about safety: nothing is synced to disk, because the data dies with
// the test cluster. The release's own program cannot be built from its module
// as it is, since its go.mod holds replace directives.
package main

import (
	"errors"
	"flag"
	"fmt"
	"net/url"
	"os"

	"go.etcd.io/etcd/server/v3/embed"
)

func main() {
	dir := flag.String("data-dir", "", "folder of the data")
	client := flag.String("client", "", "URL to serve clients on")
	peer := flag.String("peer", "", "URL to serve other members on, of which there are none")
	flag.Parse()
	fmt.Fprintln(os.Stderr, "etcd:", serve(*dir, *client, *peer))
	os.Exit(1)
}

// serve runs the member until it fails.
func serve(dir, client, peer string) error {
	clientURL, err := url.Parse(client)
	if err != nil {
		return err
	}
	peerURL, err := url.Parse(peer)
	if err != nil {
		return err
	}
	config := embed.NewConfig()
	config.Dir = dir
	config.UnsafeNoFsync = true
	config.LogLevel = "warn"
	config.ListenClientUrls, config.AdvertiseClientUrls = []url.URL{*clientURL}, []url.URL{*clientURL}
	config.ListenPeerUrls, config.AdvertisePeerUrls = []url.URL{*peerURL}, []url.URL{*peerURL}
	config.InitialCluster = config.InitialClusterFromName(config.Name)

	server, err := embed.StartEtcd(config)
	if err != nil {
		return err
	}
	defer server.Close()
	select {
	case err := <-server.Err():
		return err
	case <-server.Server.StopNotify():
		return errors.New("the member stopped by itself")
	}
}
