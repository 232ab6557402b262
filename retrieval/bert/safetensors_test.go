package bert

import (
	"encoding/binary"
	"math"
	"runtime"
	"slices"
	"testing"
)

// withHeader is a safetensors file of a header and a number of bytes of data.
func withHeader(header string, data int) []byte {
	file := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	return append(append(file, header...), make([]byte, data)...)
}

func TestTensorsReadBack(t *testing.T) {
	f32 := []byte{0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0}
	want := map[string]tensor{
		"a": {"F32", []int{2}, f32},
		"b": {"I8", []int{1, 3}, []byte{1, 0xff, 0x80}},
		"c": {"F16", []int{2}, []byte{0, 0x3c, 0, 0xc0}},
		"d": {"BF16", []int{2, 1}, []byte{0x80, 0x3f, 0, 0xc0}},
		"e": {"I64", []int{}, make([]byte, 8)},
		"f": {"F8_E5M2", []int{7}, []byte{1}},
		"g": {"F32", []int{0, 5}, []byte{}},
	}
	got, err := parseSafetensors(saved(want))
	if err != nil {
		t.Fatal(err)
	}
	for name, w := range want {
		g := got[name]
		if g.dtype != w.dtype || !slices.Equal(g.shape, w.shape) || !slices.Equal(g.data, w.data) {
			t.Errorf("%s: got %v, want %v", name, g, w)
		}
	}
	for _, name := range []string{"a", "c", "d"} {
		if v, ok := got[name].floats(); !ok || !slices.Equal(v, []float32{1, -2}) {
			t.Errorf("%s: got %v", name, v)
		}
	}
	if v, ok := got["b"].small(); !ok || !slices.Equal(v, []int8{1, -1, -128}) {
		t.Errorf("b: got %v", v)
	}
}

func TestFloatsNeedNoAlignment(t *testing.T) {
	var data []byte
	for i := range 4 {
		data = append(data[:i:i], 0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0)
		if v, ok := (tensor{dtype: "F32", data: data[i:]}).floats(); !ok || !slices.Equal(v, []float32{1, -2}) {
			t.Errorf("at %d: got %v", i, v)
		}
	}
}

func TestIntegersAreNoFloats(t *testing.T) {
	if v, ok := (tensor{dtype: "I64", data: make([]byte, 8)}).floats(); ok {
		t.Errorf("got %v", v)
	}
	if v, ok := (tensor{dtype: "F32", data: make([]byte, 8)}).small(); ok {
		t.Errorf("got %v", v)
	}
}

func TestHalfPrecision(t *testing.T) {
	for bits, want := range map[uint16]float64{
		0x0000: 0, 0x0001: 0x1p-24, 0x03ff: 1023 * 0x1p-24, 0x0400: 0x1p-14, 0x3555: 0.333251953125,
		0x3c00: 1, 0xc000: -2, 0x7bff: 65504, 0x8001: -0x1p-24, 0x7c00: math.Inf(1), 0xfc00: math.Inf(-1),
	} {
		if got := fromHalf(bits); float64(got) != want {
			t.Errorf("%#04x: got %v, want %v", bits, got, want)
		}
	}
	if got := fromHalf(0x7e00); got == got {
		t.Errorf("0x7e00: got %v", got)
	}
	if got := fromHalf(0x8000); math.Float32bits(got) != 1<<31 {
		t.Errorf("0x8000: got %v", got)
	}
}

func TestBadSafetensors(t *testing.T) {
	one := func(shape, offsets string) string {
		return `{"a":{"dtype":"F32","shape":` + shape + `,"data_offsets":` + offsets + `}`
	}
	a := one("[2]", "[0,8]")
	for _, c := range []struct {
		file []byte
		want string
	}{
		{nil, "the file is cut: it has 0 bytes"},
		{[]byte{50, 0, 0, 0, 0, 0, 0, 0, '{'}, "the file is cut: its header has 50 bytes, the file 9 bytes"},
		{[]byte{0, 0, 0, 0, 0, 0, 0, 0x80, '{', '}'}, "the file is not in the safetensors format: its header would have 9223372036854775808 bytes"},
		{[]byte{1, 0xe1, 0xf5, 5, 0, 0, 0, 0, '{', '}'}, "the file is not in the safetensors format: its header would have 100000001 bytes"},
		{[]byte("version https://git-lfs.github.com/spec/v1\noid sha256:1"), "the file only points to the weights, as git stores large files"},
		{withHeader(`[]`, 0), "the header is not a JSON object"},
		{withHeader(a, 8), "the header is not a JSON object"},
		{withHeader(a+`,1}`, 8), "the header is not a JSON object"},
		{withHeader(`{"__metadata__":}`, 8), "the header is not a JSON object"},
		{withHeader(a+`}{`, 8), "the header goes on after its end"},
		{withHeader(a+`,`+a[1:]+`}`, 8), `the header has the tensor "a" twice`},
		{withHeader(`{"__metadata__":{},"__metadata__":{}}`, 0), `the header has the tensor "__metadata__" twice`},
		{withHeader(`{"a":null}`, 8), `the header does not say where the tensor "a" lies`},
		{withHeader(one("[2]", "[0]")+`}`, 8), `the header does not say where the tensor "a" lies`},
		{withHeader(one("[2]", "[0,9223372036854775808]")+`}`, 8), `the header does not say where the tensor "a" lies`},
		{withHeader(one("[1e40]", "[0,8]")+`}`, 8), `the header does not say where the tensor "a" lies`},
		{withHeader(one("[2]", "[8,0]")+`}`, 8), `the tensor "a" ends before it begins`},
		{withHeader(one("[2]", "[-8,0]")+`}`, 8), `the tensor "a" ends before it begins`},
		{withHeader(a+`,"b":{"dtype":"I8","shape":[4],"data_offsets":[7,11]}}`, 11), `the tensors "a" and "b" overlap`},
		{withHeader(a+`}`, 7), "the file is cut: its header wants 70 bytes, the file has 69 bytes"},
		{withHeader(one("[2]", "[0,90000000]")+`}`, 8), "the file is cut: its header wants 90.0 MB, the file has 77 bytes"},
		{withHeader(one("[3]", "[0,8]")+`}`, 8), `the tensor "a" of type "F32" and shape [3] cannot be 8 bytes long`},
		{withHeader(one("[-1,-2]", "[0,8]")+`}`, 8), `the tensor "a" of type "F32" and shape [-1 -2] cannot be 8 bytes long`},
		{withHeader(one("[4294967296,4294967296,2]", "[0,0]")+`}`, 0), `the tensor "a" of type "F32" and shape [4294967296 4294967296 2] cannot be 0 bytes long`},
	} {
		tensors, err := parseSafetensors(c.file)
		if want := c.want + "; get the model again"; tensors != nil || err == nil || err.Error() != want {
			t.Errorf("%.80q: got %v, want %s", c.file, err, want)
		}
	}
}

func FuzzSafetensors(f *testing.F) {
	f.Add(saved(tinyTensors()))
	f.Add(withHeader(`{"a":{"dtype":"F16","shape":[2,1],"data_offsets":[0,4]},"b":{"dtype":"I8","shape":[],"data_offsets":[4,5]}}`, 5))
	f.Add([]byte{0, 0, 0, 0, 0, 0, 0, 0x80, '{', '}'})
	f.Fuzz(func(t *testing.T, file []byte) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		tensors, err := parseSafetensors(file)
		runtime.ReadMemStats(&after)
		if took := after.TotalAlloc - before.TotalAlloc; took > 1<<20+200*uint64(len(file)) {
			t.Fatalf("%d bytes were taken for a file of %d", took, len(file))
		}
		held := 0
		for name, x := range tensors {
			held += len(x.data)
			if v, ok := x.floats(); ok && len(v) != product(x.shape) {
				t.Fatalf("%s: %d numbers for the shape %v", name, len(v), x.shape)
			}
		}
		if err == nil && held > len(file)-8 {
			t.Fatalf("the tensors have %d bytes, the file %d", held, len(file))
		}
	})
}

func product(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}
