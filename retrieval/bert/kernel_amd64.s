#include "textflag.h"

// Eight ones and eight zeros: eight from number 8-n on let the first n through.
DATA ·first<>+0(SB)/8, $-1
DATA ·first<>+8(SB)/8, $-1
DATA ·first<>+16(SB)/8, $-1
DATA ·first<>+24(SB)/8, $-1
DATA ·first<>+32(SB)/8, $0
DATA ·first<>+40(SB)/8, $0
DATA ·first<>+48(SB)/8, $0
DATA ·first<>+56(SB)/8, $0
GLOBL ·first<>(SB), RODATA|NOPTR, $64

// The dot products. Y0 to Y11 are the sums: row i of a with row j of w is in
// Y(4i+j), eight partial sums each.
//
//	DI c     R10 its stride     SI  a, running over k     BX where a begins
//	DX w     R12, R13 its stride and three times that     AX where these four rows begin
//	R8 bias  R9 k               CX  rows of w that are left
//	R15 how many of k are left over eights                R14 eights to go
#define DOTS_BEGIN \
	MOVQ c+0(FP), DI     \
	MOVQ a+8(FP), BX     \
	MOVQ w+16(FP), AX    \
	MOVQ bias+24(FP), R8 \
	MOVQ n+32(FP), CX    \
	MOVQ k+40(FP), R9    \
	MOVQ cs+48(FP), R10  \
	MOVQ as+56(FP), R11  \
	MOVQ ws+64(FP), R12  \
	SHLQ $2, R10         \
	SHLQ $2, R11         \
	SHLQ $2, R12         \
	LEAQ (R12)(R12*2), R13 \
	MOVQ R9, R15         \
	ANDQ $7, R15         \
	SHRQ $3, R9

#define CLEAR4(A, B, C, D) \
	VXORPS A, A, A \
	VXORPS B, B, B \
	VXORPS C, C, C \
	VXORPS D, D, D

#define STEP3(W, A, B, C) \
	VMOVUPS     W, Y15      \
	VFMADD231PS Y15, Y12, A \
	VFMADD231PS Y15, Y13, B \
	VFMADD231PS Y15, Y14, C

#define STEP2(W, A, B) \
	VMOVUPS     W, Y15      \
	VFMADD231PS Y15, Y12, A \
	VFMADD231PS Y15, Y13, B

// One row of a and four of w, the numbers that are over: Y15 lets them through.
#define OVER(ROW, A, B, C, D) \
	VMASKMOVPS  ROW, Y15, Y12           \
	VMASKMOVPS  (DX), Y15, Y13          \
	VFMADD231PS Y13, Y12, A             \
	VMASKMOVPS  (DX)(R12*1), Y15, Y13   \
	VFMADD231PS Y13, Y12, B             \
	VMASKMOVPS  (DX)(R12*2), Y15, Y13   \
	VFMADD231PS Y13, Y12, C             \
	VMASKMOVPS  (DX)(R13*1), Y15, Y13   \
	VFMADD231PS Y13, Y12, D

#define MASK \
	LEAQ    ·first<>+32(SB), R14 \
	SHLQ    $2, R15              \
	SUBQ    R15, R14             \
	SHRQ    $2, R15              \
	VMOVUPS (R14), Y15

// Four sums of eight become four numbers, plus the bias in X15, at OUT.
#define STORE(A, B, C, D, OUT) \
	VUNPCKLPS    B, A, Y12     \
	VUNPCKHPS    B, A, Y13     \
	VADDPS       Y13, Y12, Y12 \
	VUNPCKLPS    D, C, Y13     \
	VUNPCKHPS    D, C, Y14     \
	VADDPS       Y14, Y13, Y13 \
	VUNPCKLPD    Y13, Y12, Y14 \
	VUNPCKHPD    Y13, Y12, Y12 \
	VADDPS       Y14, Y12, Y12 \
	VEXTRACTF128 $1, Y12, X13  \
	VADDPS       X13, X12, X12 \
	VADDPS       X15, X12, X12 \
	VMOVUPS      X12, OUT

// func dots3x4(c, a, w, bias *float32, n, k, cs, as, ws int)
TEXT ·dots3x4(SB), NOSPLIT, $0-72
	DOTS_BEGIN

rows:
	MOVQ BX, SI
	MOVQ AX, DX
	MOVQ R9, R14
	CLEAR4(Y0, Y1, Y2, Y3)
	CLEAR4(Y4, Y5, Y6, Y7)
	CLEAR4(Y8, Y9, Y10, Y11)
	TESTQ R14, R14
	JZ   over

eights:
	VMOVUPS (SI), Y12
	VMOVUPS (SI)(R11*1), Y13
	VMOVUPS (SI)(R11*2), Y14
	STEP3((DX), Y0, Y4, Y8)
	STEP3((DX)(R12*1), Y1, Y5, Y9)
	STEP3((DX)(R12*2), Y2, Y6, Y10)
	STEP3((DX)(R13*1), Y3, Y7, Y11)
	ADDQ $32, SI
	ADDQ $32, DX
	DECQ R14
	JNZ  eights

over:
	TESTQ R15, R15
	JZ    store
	MASK
	OVER((SI), Y0, Y1, Y2, Y3)
	OVER((SI)(R11*1), Y4, Y5, Y6, Y7)
	OVER((SI)(R11*2), Y8, Y9, Y10, Y11)

store:
	VXORPS  X15, X15, X15
	TESTQ   R8, R8
	JZ      unbiased
	VMOVUPS (R8), X15
	ADDQ    $16, R8

unbiased:
	STORE(Y0, Y1, Y2, Y3, (DI))
	STORE(Y4, Y5, Y6, Y7, (DI)(R10*1))
	STORE(Y8, Y9, Y10, Y11, (DI)(R10*2))
	ADDQ $16, DI
	LEAQ (AX)(R12*4), AX
	SUBQ $4, CX
	JNZ  rows
	VZEROUPPER
	RET

// func dots2x4(c, a, w, bias *float32, n, k, cs, as, ws int)
TEXT ·dots2x4(SB), NOSPLIT, $0-72
	DOTS_BEGIN

rows:
	MOVQ BX, SI
	MOVQ AX, DX
	MOVQ R9, R14
	CLEAR4(Y0, Y1, Y2, Y3)
	CLEAR4(Y4, Y5, Y6, Y7)
	TESTQ R14, R14
	JZ   over

eights:
	VMOVUPS (SI), Y12
	VMOVUPS (SI)(R11*1), Y13
	STEP2((DX), Y0, Y4)
	STEP2((DX)(R12*1), Y1, Y5)
	STEP2((DX)(R12*2), Y2, Y6)
	STEP2((DX)(R13*1), Y3, Y7)
	ADDQ $32, SI
	ADDQ $32, DX
	DECQ R14
	JNZ  eights

over:
	TESTQ R15, R15
	JZ    store
	MASK
	OVER((SI), Y0, Y1, Y2, Y3)
	OVER((SI)(R11*1), Y4, Y5, Y6, Y7)

store:
	VXORPS  X15, X15, X15
	TESTQ   R8, R8
	JZ      unbiased
	VMOVUPS (R8), X15
	ADDQ    $16, R8

unbiased:
	STORE(Y0, Y1, Y2, Y3, (DI))
	STORE(Y4, Y5, Y6, Y7, (DI)(R10*1))
	ADDQ $16, DI
	LEAQ (AX)(R12*4), AX
	SUBQ $4, CX
	JNZ  rows
	VZEROUPPER
	RET

// func widen8(dst *float32, src *int8, n int, scale float32)
TEXT ·widen8(SB), NOSPLIT, $0-28
	MOVQ         dst+0(FP), DI
	MOVQ         src+8(FP), SI
	MOVQ         n+16(FP), CX
	VBROADCASTSS scale+24(FP), Y0
	SHRQ         $3, CX

eights:
	VPMOVSXBD (SI), Y1
	VCVTDQ2PS Y1, Y1
	VMULPS    Y0, Y1, Y1
	VMOVUPS   Y1, (DI)
	ADDQ      $8, SI
	ADDQ      $32, DI
	DECQ      CX
	JNZ       eights
	VZEROUPPER
	RET

// The eight numbers of Y become their sum, in each of them; X is its lower half.
#define SUM(Y, X) \
	VEXTRACTF128 $1, Y, X15  \
	VADDPS       X15, X, X   \
	VHADDPS      X, X, X     \
	VHADDPS      X, X, X     \
	VBROADCASTSS X, Y

// func addNorm8(x, y, weight, bias *float32, n int, epsilon float32)
TEXT ·addNorm8(SB), NOSPLIT, $0-44
	MOVQ         x+0(FP), DI
	MOVQ         y+8(FP), SI
	MOVQ         weight+16(FP), R8
	MOVQ         bias+24(FP), R9
	MOVQ         n+32(FP), CX
	VXORPS       X2, X2, X2
	VCVTSI2SSQ   CX, X2, X2
	VBROADCASTSS X2, Y2 // n
	VBROADCASTSS epsilon+40(FP), Y3
	SHLQ         $2, CX
	VXORPS       Y0, Y0, Y0
	XORQ         BX, BX

add:
	VMOVUPS (DI)(BX*1), Y4
	VADDPS  (SI)(BX*1), Y4, Y4
	VMOVUPS Y4, (DI)(BX*1)
	VADDPS  Y4, Y0, Y0
	ADDQ    $32, BX
	CMPQ    BX, CX
	JNE     add
	SUM(Y0, X0)
	VDIVPS  Y2, Y0, Y0 // the mean
	VXORPS  Y1, Y1, Y1
	XORQ    BX, BX

spread:
	VMOVUPS     (DI)(BX*1), Y4
	VSUBPS      Y0, Y4, Y4
	VFMADD231PS Y4, Y4, Y1
	ADDQ        $32, BX
	CMPQ        BX, CX
	JNE         spread
	SUM(Y1, X1)
	VDIVPS      Y2, Y1, Y1
	VADDPS      Y3, Y1, Y1
	VSQRTPS     Y1, Y1 // the deviation
	XORQ        BX, BX

scale:
	VMOVUPS     (DI)(BX*1), Y4
	VSUBPS      Y0, Y4, Y4
	VDIVPS      Y1, Y4, Y4
	VMOVUPS     (R8)(BX*1), Y5
	VFMADD213PS (R9)(BX*1), Y5, Y4
	VMOVUPS     Y4, (DI)(BX*1)
	ADDQ        $32, BX
	CMPQ        BX, CX
	JNE         scale
	VZEROUPPER
	RET

// The terms at AX of the polynomial for powers of two, in Y0 to Y5.
#define EXP2_TERMS \
	VBROADCASTSS 0(AX), Y0  \
	VBROADCASTSS 4(AX), Y1  \
	VBROADCASTSS 8(AX), Y2  \
	VBROADCASTSS 12(AX), Y3 \
	VBROADCASTSS 16(AX), Y4 \
	VBROADCASTSS 20(AX), Y5

// P becomes 2 to the T; N and T are lost. The whole part of T goes to the
// exponent, what is left through the polynomial.
#define EXP2(T, N, P) \
	VROUNDPS    $0, T, N \
	VSUBPS      N, T, T  \
	VCVTPS2DQ   N, N     \
	VPSLLD      $23, N, N \
	VMOVAPS     Y5, P    \
	VFMADD213PS Y4, T, P \
	VFMADD213PS Y3, T, P \
	VFMADD213PS Y2, T, P \
	VFMADD213PS Y1, T, P \
	VFMADD213PS Y0, T, P \
	VPADDD      N, P, P

// func gelu8(x *float32, n int, end float32, tail *[7]float32, power *[6]float32)
TEXT ·gelu8(SB), NOSPLIT, $0-40
	MOVQ         x+0(FP), DI
	MOVQ         n+8(FP), CX
	MOVQ         tail+24(FP), DX
	MOVQ         power+32(FP), AX
	VBROADCASTSS end+16(FP), Y6
	VPCMPEQD     Y7, Y7, Y7
	VPSRLD       $1, Y7, Y7 // all bits but the sign
	VXORPS       Y8, Y8, Y8
	VBROADCASTSS 0(DX), Y9
	EXP2_TERMS
	SHRQ         $3, CX

eights:
	VMOVUPS      (DI), Y10
	VANDPS       Y7, Y10, Y11
	VMINPS       Y11, Y6, Y11
	VBROADCASTSS 24(DX), Y12
	VBROADCASTSS 20(DX), Y13
	VFMADD213PS  Y13, Y11, Y12
	VBROADCASTSS 16(DX), Y13
	VFMADD213PS  Y13, Y11, Y12
	VBROADCASTSS 12(DX), Y13
	VFMADD213PS  Y13, Y11, Y12
	VBROADCASTSS 8(DX), Y13
	VFMADD213PS  Y13, Y11, Y12
	VBROADCASTSS 4(DX), Y13
	VFMADD213PS  Y13, Y11, Y12
	VFMADD213PS  Y9, Y11, Y12
	EXP2(Y12, Y13, Y14)
	VMAXPS       Y10, Y8, Y10
	VFNMADD231PS Y14, Y11, Y10
	VMOVUPS      Y10, (DI)
	ADDQ         $32, DI
	DECQ         CX
	JNZ          eights
	VZEROUPPER
	RET

// func softmax8(x *float32, n int, factor, least float32, power *[6]float32)
TEXT ·softmax8(SB), NOSPLIT, $0-32
	MOVQ         x+0(FP), DI
	MOVQ         n+8(FP), CX
	MOVQ         power+24(FP), AX
	VBROADCASTSS factor+16(FP), Y6
	VBROADCASTSS least+20(FP), Y7
	EXP2_TERMS
	SHLQ         $2, CX
	VMOVUPS      (DI), Y8
	XORQ         BX, BX

most:
	VMAXPS       (DI)(BX*1), Y8, Y8
	ADDQ         $32, BX
	CMPQ         BX, CX
	JNE          most
	VEXTRACTF128 $1, Y8, X9
	VMAXPS       X9, X8, X8
	VPERMILPS    $0x4E, X8, X9
	VMAXPS       X9, X8, X8
	VPERMILPS    $0xB1, X8, X9
	VMAXPS       X9, X8, X8
	VBROADCASTSS X8, Y8
	VXORPS       Y9, Y9, Y9
	XORQ         BX, BX

powers:
	VMOVUPS (DI)(BX*1), Y10
	VSUBPS  Y8, Y10, Y10
	VMULPS  Y6, Y10, Y10
	VMAXPS  Y10, Y7, Y10
	EXP2(Y10, Y11, Y12)
	VMOVUPS Y12, (DI)(BX*1)
	VADDPS  Y12, Y9, Y9
	ADDQ    $32, BX
	CMPQ    BX, CX
	JNE     powers
	SUM(Y9, X9)
	VPCMPEQD Y10, Y10, Y10
	VPSRLD  $25, Y10, Y10
	VPSLLD  $23, Y10, Y10 // ones
	VDIVPS  Y9, Y10, Y9
	XORQ    BX, BX

shares:
	VMULPS  (DI)(BX*1), Y9, Y10
	VMOVUPS Y10, (DI)(BX*1)
	ADDQ    $32, BX
	CMPQ    BX, CX
	JNE     shares
	VZEROUPPER
	RET
