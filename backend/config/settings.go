package config

import (
	"fmt"
	"net"
	"net/netip"

	"sotto/backend/relay"
	"sotto/backend/web"
)

// Settings are what `sotto serve` runs with. The tags are flags, defaults and help.
type Settings struct {
	Config         File      `help:"File to read settings from." placeholder:"FILE"`
	Data           string    `help:"Folder of the database." default:"data" placeholder:"FOLDER"`
	Listen         string    `help:"Host and port to listen on." default:"localhost:8080" placeholder:"HOST:PORT"`
	Origin         []string  `help:"Public address, like https://chat.example.org; several with commas. Without one, clients on this machine alone are served." sep:"," placeholder:"URL"`
	TrustedProxies []Network `help:"Addresses of proxies whose X-Forwarded-For and X-Forwarded-Proto are believed." sep:"," placeholder:"NETWORK"`
	Registration   string    `help:"Whether new accounts are taken: ${enum}." enum:"open,closed" default:"open"`
	LogLevel       string    `help:"What is logged: ${enum}." enum:"debug,info,warn,error" default:"info"`
	LogFormat      string    `help:"How: ${enum}; auto is text on a terminal." enum:"auto,text,json" default:"auto"`

	LimitAddress  Rate `help:"Connections and requests before the login from one address: per second, at once, or off." default:"100:4000"`
	LimitAccount  Rate `help:"Requests of one account." default:"500:4000"`
	LimitDevice   Rate `help:"Messages, receipts, cursors and prekeys of one device." default:"200:2000"`
	LimitCommits  Rate `help:"Commits and leave events of one device, and commits in one conversation; one of many devices counts for more." default:"2:200"`
	LimitAdded    Rate `help:"Accounts that one account adds to groups." default:"0.1:2000"`
	LimitAsks     Rate `help:"Requests of one device to be let into groups, or back in." default:"0.1:30"`
	LimitSessions int  `help:"Sessions of one account at a time." default:"64"`
}

// Validate checks what a setting's type alone cannot. It is called when all are set.
func (s *Settings) Validate() error {
	if _, _, err := net.SplitHostPort(s.Listen); err != nil {
		return fmt.Errorf("listen: %q is not HOST:PORT", s.Listen)
	}
	if s.Data == "" {
		return fmt.Errorf("data: want a folder")
	}
	for _, origin := range s.Origin {
		if _, err := web.ParseOrigin(origin); err != nil {
			return err
		}
	}
	if s.LimitSessions < 1 {
		return fmt.Errorf("limit-sessions: %d, want at least 1", s.LimitSessions)
	}
	return nil
}

// Limits are the relay's limits with those that can be set.
func (s *Settings) Limits() relay.Limits {
	l := relay.DefaultLimits()
	l.Address, l.Account = s.LimitAddress.Rate, s.LimitAccount.Rate
	l.Device, l.Commits = s.LimitDevice.Rate, s.LimitCommits.Rate
	l.Added, l.Asks = s.LimitAdded.Rate, s.LimitAsks.Rate
	l.Sessions = s.LimitSessions
	return l
}

// Proxies are the trusted proxies.
func (s *Settings) Proxies() []netip.Prefix {
	var proxies []netip.Prefix
	for _, n := range s.TrustedProxies {
		proxies = append(proxies, n.Prefix)
	}
	return proxies
}

// Open says whether new accounts are taken.
func (s *Settings) Open() bool { return s.Registration == "open" }

// URL is where people find a server that listens at addr: its first public origin, or this machine.
func (s *Settings) URL(addr net.Addr) string {
	if len(s.Origin) > 0 {
		return s.Origin[0]
	}
	host, _, _ := net.SplitHostPort(s.Listen) // Validate has done it
	if ip, err := netip.ParseAddr(host); host == "" || err == nil && ip.IsUnspecified() {
		host = "localhost"
	}
	_, port, err := net.SplitHostPort(addr.String())
	if err != nil || port == "80" {
		return "http://" + host
	}
	return "http://" + net.JoinHostPort(host, port)
}
