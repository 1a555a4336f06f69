package fetch

import (
	"context"
	"crypto/x509"
	"net"
	"net/http"
	"time"

	"agora/crawler/fetch/wire"
)

// Within shortens the time for one exchange.
func (c *Client) Within(d time.Duration) { c.line.Within = d }

// Trust makes certificates trusted.
func (c *Client) Trust(roots *x509.CertPool) {
	c.line.Network.(*http.Transport).TLSClientConfig.RootCAs = roots
}

// Dial replaces the network below the records of exchanges.
func (c *Client) Dial(dial func() net.Conn) {
	c.line.Network.(*http.Transport).DialContext = func(context.Context, string, string) (net.Conn, error) {
		return wire.Record(dial()), nil
	}
}

// Known is how many hosts are remembered.
func (c *Client) Known() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.hosts)
}

// MaxHosts is how many hosts are remembered at most.
const MaxHosts = maxHosts
