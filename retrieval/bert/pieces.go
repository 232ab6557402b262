package bert

import (
	"encoding/json"
	"strconv"
	"strings"
)

// parsePieces reads the vocabulary of tokenizer.json, an object of pieces and
// their ids, which is already known to be JSON. Going through a map, as package
// json would, allocates every piece.
func parsePieces(object string) ([]string, error) {
	if !strings.HasPrefix(object, "{") {
		return nil, damaged("model.vocab is not a JSON object")
	}
	pieces := make([]string, 0, min(strings.Count(object, ":"), maxPieces))
	for rest := skip(object[1:]); rest != "}"; {
		piece, after, err := cutString(rest)
		if err != nil {
			return nil, err
		}
		after = skip(skip(after)[1:]) // the colon
		end := strings.IndexAny(after, ",} \t\r\n")
		id, err := strconv.Atoi(after[:end])
		if err != nil || id < 0 || id >= maxPieces {
			return nil, damaged("the piece %.40q has the id %.40s, which cannot be", piece, after[:end])
		}
		if id >= len(pieces) {
			pieces = append(pieces, make([]string, id+1-len(pieces))...)
		}
		if pieces[id] != "" {
			return nil, damaged("the pieces %.40q and %.40q have the same id %d", pieces[id], piece, id)
		}
		pieces[id] = piece
		rest = skip(strings.TrimPrefix(skip(after[end:]), ","))
	}
	return pieces, nil
}

// skip is JSON without white space at its start.
func skip(json string) string { return strings.TrimLeft(json, " \t\r\n") }

// cutString cuts JSON behind the string at its start, which it returns without
// quotes and escapes.
func cutString(text string) (value, rest string, err error) {
	end := 1
	for text[end] != '"' {
		if text[end] == '\\' {
			end++
		}
		end++
	}
	quoted := text[:end+1]
	if !strings.Contains(quoted, `\`) {
		return quoted[1:end], text[end+1:], nil
	}
	value, err = unquote(quoted)
	return value, text[end+1:], err
}

// unquote reads a string of JSON. Nothing else takes its address, so that a
// string without escapes costs no memory.
func unquote(quoted string) (string, error) {
	var value string
	if err := json.Unmarshal([]byte(quoted), &value); err != nil {
		return "", damaged("reading the piece %.40s: %w", quoted, err)
	}
	return value, nil
}
