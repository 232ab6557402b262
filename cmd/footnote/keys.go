package main

import (
	"encoding"
	"fmt"
	"iter"
	"reflect"
	"strconv"
	"strings"
)

// leaves are the settings of c that have one value, in the order of the
// struct: the key, such as "model.timeout", and the value, which can be set.
// Lists of tables, such as feeds, have no leaves.
func leaves(c *config) iter.Seq2[string, reflect.Value] {
	return func(yield func(string, reflect.Value) bool) {
		root := reflect.ValueOf(c).Elem()
		for section, fields := range root.Fields() {
			if section.Type.Kind() != reflect.Struct {
				continue
			}
			for field, value := range fields.Fields() {
				if !yield(tag(section)+"."+tag(field), value) {
					return
				}
			}
		}
	}
}

// values are the leaves of c and then, as "feeds[0].url", the settings in its
// lists of tables.
func values(c *config) iter.Seq2[string, reflect.Value] {
	return func(yield func(string, reflect.Value) bool) {
		for key, value := range leaves(c) {
			if !yield(key, value) {
				return
			}
		}
		for section, tables := range reflect.ValueOf(c).Elem().Fields() {
			if section.Type.Kind() == reflect.Slice && !yieldTables(tag(section), tables, yield) {
				return
			}
		}
	}
}

// yieldTables yields the settings of a list of tables and reports whether more
// are wanted.
func yieldTables(name string, tables reflect.Value, yield func(string, reflect.Value) bool) bool {
	for i := range tables.Len() {
		for field, value := range tables.Index(i).Fields() {
			if !yield(fmt.Sprintf("%s[%d].%s", name, i, tag(field)), value) {
				return false
			}
		}
	}
	return true
}

func tag(f reflect.StructField) string { return f.Tag.Get("toml") }

// keysOf are the dotted keys of the struct type t and of all it holds.
func keysOf(t reflect.Type) []string {
	var keys []string
	for field := range t.Fields() {
		keys = append(keys, tag(field))
		if inner, ok := tableOf(field.Type); ok {
			for _, key := range keysOf(inner) {
				keys = append(keys, tag(field)+"."+key)
			}
		}
	}
	return keys
}

// typeOf is the type of the setting at path below the struct type t.
func typeOf(t reflect.Type, path []string) (reflect.Type, bool) {
	if len(path) == 0 {
		return t, true
	}
	inner, ok := tableOf(t)
	if !ok {
		return nil, false
	}
	for field := range inner.Fields() {
		if tag(field) == path[0] {
			return typeOf(field.Type, path[1:])
		}
	}
	return nil, false
}

// tableOf is the struct type behind a table or a list of tables.
func tableOf(t reflect.Type) (reflect.Type, bool) {
	if t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	return t, t.Kind() == reflect.Struct && !reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
}

// setText sets value, a leaf, from text; a list is split at its commas.
func setText(value reflect.Value, text string) error {
	var err error
	switch p := value.Addr().Interface().(type) {
	case *string:
		*p = text
	case *bool:
		*p, err = strconv.ParseBool(text)
	case *int:
		*p, err = strconv.Atoi(text)
	case *float64:
		*p, err = strconv.ParseFloat(text, 64)
	case *[]string:
		*p = splitList(text)
	case *duration:
		err = p.UnmarshalText([]byte(text))
	case *secret:
		err = p.UnmarshalText([]byte(text))
	}
	return err
}

func splitList(text string) []string {
	var list []string
	for item := range strings.SplitSeq(text, ",") {
		if item = strings.TrimSpace(item); item != "" {
			list = append(list, item)
		}
	}
	return list
}

// kindOf says in words what a value of type t looks like.
func kindOf(t reflect.Type) string {
	switch t {
	case reflect.TypeFor[bool]():
		return "true or false"
	case reflect.TypeFor[int]():
		return "a whole number"
	case reflect.TypeFor[float64]():
		return "a number"
	case reflect.TypeFor[[]string]():
		return "a list of strings"
	case reflect.TypeFor[duration]():
		return `a time such as "30s", "5m" or "7d"`
	case reflect.TypeFor[string](), reflect.TypeFor[secret]():
		return "a string in quotes"
	}
	if t.Kind() == reflect.Slice {
		return "a list of tables, each under a line in double brackets"
	}
	return "a table, under a line in brackets"
}
