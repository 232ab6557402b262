package bert

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"unsafe"
)

// maxHeader is how many bytes the header of a safetensors file may have; the
// format sets the limit.
const maxHeader = 100_000_000

// A tensor is one array of a safetensors file, in the file's own memory.
type tensor struct {
	dtype string
	shape []int
	data  []byte // low byte first, row after row; for a known dtype as long as the shape wants
}

// parseSafetensors returns the tensors of a file by name. The file must not
// change while they are in use. What it takes of memory is in proportion to
// the header that is there, whatever the header claims. Its error says what is
// wrong, but not with which file.
func parseSafetensors(file []byte) (map[string]tensor, error) {
	header, data, err := cutHeader(file)
	if err != nil {
		return nil, err
	}
	entries, err := parseHeader(header)
	if err != nil {
		return nil, err
	}
	if err := checkPlaces(entries, len(file), data); err != nil {
		return nil, err
	}
	tensors := make(map[string]tensor, len(entries))
	for _, e := range entries {
		t := tensor{e.DType, e.Shape, data[e.begin():e.end()]}
		if want, ok := t.size(); !ok || want != len(t.data) {
			return nil, damaged("the tensor %.60q of type %.20q and shape %.60s cannot be %d bytes long",
				e.name, e.DType, fmt.Sprint(e.Shape), len(t.data))
		}
		tensors[e.name] = t
	}
	return tensors, nil
}

// cutHeader parts a file into its header, which is JSON, and its data.
func cutHeader(file []byte) (header, data []byte, err error) {
	if bytes.HasPrefix(file, []byte("version https://git-lfs")) {
		return nil, nil, damaged("the file only points to the weights, as git stores large files")
	}
	if len(file) < 8 {
		return nil, nil, damaged("the file is cut: it has %s", bytesOf(uint64(len(file))))
	}
	n, rest := binary.LittleEndian.Uint64(file), file[8:]
	if n > maxHeader {
		return nil, nil, damaged("the file is not in the safetensors format: its header would have %d bytes", n)
	}
	if n > uint64(len(rest)) {
		return nil, nil, damaged("the file is cut: its header has %s, the file %s", bytesOf(n), bytesOf(uint64(len(file))))
	}
	return rest[:n], rest[n:], nil
}

// An entry is what the header says of a tensor.
type entry struct {
	name    string
	DType   string  `json:"dtype"`
	Shape   []int   `json:"shape"`
	Offsets []int64 `json:"data_offsets"` // of its first byte and the one after its last, from the header's end
}

func (e entry) begin() int64 { return e.Offsets[0] }
func (e entry) end() int64   { return e.Offsets[1] }

// parseHeader returns the entries of a header, none twice. Each has two
// offsets.
func parseHeader(header []byte) ([]entry, error) {
	d := json.NewDecoder(bytes.NewReader(header))
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		return nil, damaged("the header is not a JSON object")
	}
	var entries []entry
	seen := make(map[string]bool)
	for d.More() {
		key, err := d.Token()
		name, ok := key.(string)
		if err != nil || !ok {
			return nil, damaged("the header is not a JSON object")
		}
		if seen[name] {
			return nil, damaged("the header has the tensor %.60q twice", name)
		}
		seen[name] = true
		e, err := parseEntry(d, name)
		if err != nil {
			return nil, err
		}
		if name != "__metadata__" {
			entries = append(entries, e)
		}
	}
	if _, err := d.Token(); err != nil {
		return nil, damaged("the header is not a JSON object")
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, damaged("the header goes on after its end")
	}
	return entries, nil
}

// parseEntry reads what d has of a tensor, or skips what it has of the file.
func parseEntry(d *json.Decoder, name string) (entry, error) {
	if name == "__metadata__" {
		var skipped json.RawMessage
		if err := d.Decode(&skipped); err != nil {
			return entry{}, damaged("the header is not a JSON object")
		}
		return entry{}, nil
	}
	e := entry{name: name}
	if err := d.Decode(&e); err != nil || len(e.Offsets) != 2 {
		return entry{}, damaged("the header does not say where the tensor %.60q lies", name)
	}
	return e, nil
}

// checkPlaces sorts entries by place, and returns an error unless all lie
// within data, which ends a file of size bytes, and none in another.
func checkPlaces(entries []entry, size int, data []byte) error {
	slices.SortFunc(entries, func(a, b entry) int {
		return cmp.Or(cmp.Compare(a.begin(), b.begin()), cmp.Compare(a.end(), b.end()))
	})
	last := entry{Offsets: []int64{0, 0}}
	for _, e := range entries {
		if e.begin() < 0 || e.begin() > e.end() {
			return damaged("the tensor %.60q ends before it begins", e.name)
		}
		if e.begin() < last.end() {
			return damaged("the tensors %.60q and %.60q overlap", last.name, e.name)
		}
		last = e
	}
	if last.end() > int64(len(data)) {
		want := uint64(size-len(data)) + uint64(last.end())
		return damaged("the file is cut: its header wants %s, the file has %s", bytesOf(want), bytesOf(uint64(size)))
	}
	return nil
}

// size is how many bytes t's shape wants, or what it has if its dtype is one
// that no weights are of; false if the shape cannot be.
func (t tensor) size() (int, bool) {
	var n int
	switch t.dtype {
	case "I64":
		n = 8
	case "F32":
		n = 4
	case "F16", "BF16":
		n = 2
	case "I8":
		n = 1
	default:
		return len(t.data), true
	}
	for _, d := range t.shape {
		if d < 0 || d > 0 && n > math.MaxInt/d {
			return 0, false
		}
		n *= d
	}
	return n, true
}

// floats returns the numbers of t, false if they are not floating-point ones.
// They may lie in the file's memory: they are not to be written to.
func (t tensor) floats() ([]float32, bool) {
	switch t.dtype {
	case "F32":
		if v, ok := view[float32](t.data); ok {
			return v, true
		}
		v := make([]float32, len(t.data)/4)
		for i := range v {
			v[i] = math.Float32frombits(binary.LittleEndian.Uint32(t.data[4*i:]))
		}
		return v, true
	case "F16":
		return from16Bits(t.data, fromHalf), true
	case "BF16":
		return from16Bits(t.data, func(bits uint16) float32 { return math.Float32frombits(uint32(bits) << 16) }), true
	}
	return nil, false
}

// small returns the numbers of t, false if they are not of 8 bits. They lie in
// the file's memory: they are not to be written to.
func (t tensor) small() ([]int8, bool) {
	if t.dtype != "I8" {
		return nil, false
	}
	return view[int8](t.data)
}

// view is data as numbers of another type in the same memory, false if this
// machine cannot read them there: it wants them aligned, and low byte first.
// It spares a start the copying of all weights, and it is the only place of
// the package that reads memory as what it was not made as. It is sound
// because data outlives neither its array nor its bounds.
func view[T int8 | float32](data []byte) ([]T, bool) {
	var number T
	size := unsafe.Sizeof(number)
	first := unsafe.Pointer(unsafe.SliceData(data))
	lowFirst := binary.NativeEndian.Uint16([]byte{1, 0}) == 1
	if uintptr(first)%unsafe.Alignof(number) != 0 || size > 1 && !lowFirst {
		return nil, false
	}
	return unsafe.Slice((*T)(first), uintptr(len(data))/size), true
}

func from16Bits(data []byte, number func(bits uint16) float32) []float32 {
	v := make([]float32, len(data)/2)
	for i := range v {
		v[i] = number(binary.LittleEndian.Uint16(data[2*i:]))
	}
	return v
}

// fromHalf is the number whose bits in IEEE 754's binary16 are given.
func fromHalf(bits uint16) float32 {
	sign, exponent, fraction := uint32(bits>>15), uint32(bits>>10&0x1f), uint32(bits&0x3ff)
	switch exponent {
	case 0:
		return math.Float32frombits(sign<<31 | math.Float32bits(float32(fraction)*0x1p-24))
	case 0x1f:
		return math.Float32frombits(sign<<31 | 0xff<<23 | fraction<<13)
	}
	return math.Float32frombits(sign<<31 | (exponent+127-15)<<23 | fraction<<13)
}

// bytesOf is a size for people: "12 bytes", "90.9 MB".
func bytesOf(n uint64) string {
	if n < 100_000 {
		return fmt.Sprintf("%d bytes", n)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/1e6)
}
