// Package hub fetches encoders from a hub of models that serves its files as
// Hugging Face does, pinned to a revision and to the SHA-256 of what counts.
package hub

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// DefaultEndpoint is the address of the hub that the models of Known are on.
const DefaultEndpoint = "https://huggingface.co"

// A Pin names the files of a model so that nobody can change them unnoticed.
type Pin struct {
	Repository string // OWNER/NAME
	Revision   string // the commit: 40 hexadecimal digits
	Weights    string // the SHA-256 of model.safetensors: 64 hexadecimal digits
	Tokenizer  string // the SHA-256 of tokenizer.json; "" leaves it unchecked
}

// Check returns an error that says which part of p cannot be one.
func (p Pin) Check() error {
	switch {
	case !regexp.MustCompile(`^[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}$`).MatchString(p.Repository):
		return fmt.Errorf("%.80q is not the name of a model on a hub, such as BAAI/bge-small-en-v1.5", p.Repository)
	case !isHex(p.Revision, 40):
		return fmt.Errorf("%.80q is not a revision; give the commit's 40 hexadecimal digits", p.Revision)
	case !isHex(p.Weights, 64):
		return fmt.Errorf("%.80q is not a SHA-256; give its 64 hexadecimal digits", p.Weights)
	case p.Tokenizer != "" && !isHex(p.Tokenizer, 64):
		return fmt.Errorf("%.80q is not a SHA-256; give its 64 hexadecimal digits", p.Tokenizer)
	}
	return nil
}

func isHex(s string, digits int) bool {
	return len(s) == digits && strings.Trim(s, "0123456789abcdef") == ""
}

// The most bytes that a file may have.
const (
	maxWeights = 2 << 30
	maxOther   = 64 << 20
)

// A wanted is a file of a model.
type wanted struct {
	name     string
	sum      string // its SHA-256; "" if nobody pinned it
	most     int64  // bytes
	optional bool
}

// files are the files of a model that an encoder reads. The small ones come
// first: what is wrong with a name or with the hub shows at once.
func (p Pin) files() []wanted {
	return []wanted{
		{name: "config.json", most: maxOther},
		{name: "tokenizer.json", most: maxOther, sum: p.Tokenizer},
		{name: "tokenizer_config.json", most: maxOther, optional: true},
		{name: "modules.json", most: maxOther, optional: true},
		{name: "1_Pooling/config.json", most: maxOther, optional: true},
		{name: "sentence_bert_config.json", most: maxOther, optional: true},
		{name: "config_sentence_transformers.json", most: maxOther, optional: true},
		{name: "model.safetensors", most: maxWeights, sum: p.Weights},
	}
}

// Options are what Get may be told beside what to get. Their zero is sound.
type Options struct {
	Endpoint string                                // of the hub; "" is DefaultEndpoint
	Proxy    func(*http.Request) (*url.URL, error) // as that of http.Transport; nil is none
	Progress func(file string, done, total int64)  // told of bytes; total is -1 where nobody knows it
}

// CheckEndpoint returns the address of a hub without its last slash. It is an
// https address, or an http one of this machine, without a password or a
// query; the error is one sentence that says so.
func CheckEndpoint(address string) (string, error) {
	address = strings.TrimRight(address, "/")
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Hostname() == "":
		return "", fmt.Errorf("the hub must be a web address such as %s", DefaultEndpoint)
	case u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return "", fmt.Errorf("the hub's address must hold no password, query or fragment")
	case u.Scheme == "https", u.Scheme == "http" && isLoopback(u.Hostname()):
		return address, nil
	}
	return "", fmt.Errorf("the hub must be an https address; http is for a hub on this machine only")
}

func isLoopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

// Get fetches the files of a model into folder, which it makes if need be.
// What it is cut off from stays there, and the next call goes on from that; so
// a folder is whole once Get returned nil, and not before. An error of the hub
// or of the way to it is an *Error.
func Get(ctx context.Context, p Pin, folder string, o Options) error {
	if err := p.Check(); err != nil {
		return err
	}
	return get(ctx, p, folder, o, usualLimits())
}

func get(ctx context.Context, p Pin, folder string, o Options, l limits) error {
	if o.Endpoint == "" {
		o.Endpoint = DefaultEndpoint
	}
	endpoint, err := CheckEndpoint(o.Endpoint)
	if err != nil {
		return err
	}
	if o.Progress == nil {
		o.Progress = func(string, int64, int64) {}
	}
	client := newClient(o.Proxy, l)
	defer client.CloseIdleConnections()
	f := fetcher{
		client:  client,
		limits:  l,
		options: o,
		model:   p.Repository,
		address: endpoint + "/" + p.Repository + "/resolve/" + p.Revision + "/",
	}
	ctx, cancel := context.WithTimeoutCause(ctx, l.total, errTooLong)
	defer cancel()
	for _, w := range p.files() {
		path := filepath.Join(folder, filepath.FromSlash(w.name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return fmt.Errorf("making a folder for the model: %w", err)
		}
		if err := f.fetch(ctx, w, path); err != nil {
			return err
		}
	}
	return nil
}
