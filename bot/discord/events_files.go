package discord

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"footnote/bot"
)

// maxFile bounds what is read of an attachment: more than any that is taken,
// so that one too large is told from one that is not.
const maxFile = 16 << 20

// fileTimeout is for all of an attachment.
const fileTimeout = 30 * time.Second

// files fetches attachments from where Discord keeps them, and from nowhere
// else. local is a Discord that stands elsewhere.
type files struct {
	http  *http.Client
	local *url.URL // nil if there is none
}

func newFiles(apiURL string) files {
	f := files{}
	if u, err := url.Parse(apiURL); err == nil && u.Host != "discord.com" {
		f.local = u
	}
	f.http = &http.Client{
		Transport: &http.Transport{Proxy: http.ProxyFromEnvironment, DisableKeepAlives: true},
		Timeout:   fileTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return errors.New("an attachment leads elsewhere")
		},
	}
	return f
}

// file is an attachment, to be fetched when it is opened.
func (f files) file(a attachment) *bot.File {
	return &bot.File{
		Name: clean(a.Filename), Type: a.ContentType, Size: a.Size,
		Open: func(ctx context.Context) (io.ReadCloser, error) { return f.open(ctx, a.URL) },
	}
}

func (f files) open(ctx context.Context, address string) (io.ReadCloser, error) {
	u, err := url.Parse(address)
	if err != nil || !f.allowed(u) {
		return nil, errors.New("fetching an attachment: it is not where Discord keeps attachments")
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, fmt.Errorf("fetching an attachment: %w", withoutURL(err))
	}
	reply, err := f.http.Do(request)
	if err != nil {
		return nil, fmt.Errorf("fetching an attachment: %w", withoutURL(err))
	}
	if reply.StatusCode != http.StatusOK {
		reply.Body.Close()
		return nil, fmt.Errorf("fetching an attachment: status %d", reply.StatusCode)
	}
	return struct {
		io.Reader
		io.Closer
	}{io.LimitReader(reply.Body, maxFile), reply.Body}, nil
}

func (f files) allowed(u *url.URL) bool {
	if f.local != nil && u.Scheme == f.local.Scheme && u.Host == f.local.Host {
		return true
	}
	return u.Scheme == "https" && (u.Host == "cdn.discordapp.com" || u.Host == "media.discordapp.net")
}

// withoutURL is an error without the address in it, which is a key to the file.
func withoutURL(err error) error {
	if e := (*url.Error)(nil); errors.As(err, &e) {
		return e.Err
	}
	return err
}
