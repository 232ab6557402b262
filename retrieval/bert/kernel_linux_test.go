package bert

import (
	"fmt"
	"math/rand/v2"
	"syscall"
	"testing"
	"unsafe"
)

// fenced copies v to memory of which nothing can be touched after the last
// number.
func fenced[T any](t *testing.T, v []T) []T {
	t.Helper()
	var zero T
	size := int(unsafe.Sizeof(zero)) * len(v)
	page := syscall.Getpagesize()
	pages := (size + page - 1) / page * page
	memory, err := syscall.Mmap(-1, 0, pages+page, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := syscall.Munmap(memory); err != nil {
			t.Error(err)
		}
	})
	if err := syscall.Mprotect(memory[pages:], syscall.PROT_NONE); err != nil {
		t.Fatal(err)
	}
	if len(v) == 0 {
		return v
	}
	f := unsafe.Slice((*T)(unsafe.Pointer(&memory[pages-size])), len(v))
	copy(f, v)
	return f
}

func (g grid) fenced(t *testing.T) grid {
	g.data = fenced(t, g.data[:(g.rows-1)*g.stride+g.cols])
	return g
}

func TestKernelsStayWithinTheirMemory(t *testing.T) {
	eachSet(t, func(t *testing.T, k kernels) {
		for n := 1; n <= 41; n++ {
			t.Run(fmt.Sprint(n), func(t *testing.T) {
				r := rand.New(rand.NewPCG(7, uint64(n)))
				floats := func(n int) []float32 { return fenced(t, randomFloats(r, n, 1)) }
				rows, outputs := 1+n%7, 1+n%11
				k.dots(randomGrid(r, rows, outputs, 5).fenced(t), randomGrid(r, rows, n, 3).fenced(t),
					randomGrid(r, outputs, n, 2).fenced(t), floats(outputs))
				k.widen(floats(n), fenced(t, make([]int8, n)), 2)
				k.addNorm(floats(n), floats(n), norm{floats(n), floats(n)}, 1e-5)
				k.gelu(floats(n))
				k.softmax(floats(padded(n)), 1)
			})
		}
	})
}
