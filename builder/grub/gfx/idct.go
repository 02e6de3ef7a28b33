package gfx

// inverse is the inverse cosine transform of a block, after Loeffler,
// Ligtenberg and Moschytz ("Practical Fast 1-D DCT Algorithms with 11
// Multiplications", 1989). GRUB's has factors of 8 bits, keeps all bits between
// the two passes and cuts those behind the point off; sums wrap at 32 bits.
func inverse(b *[64]int32) {
	for i := range 8 {
		inverse8(b, i, 8)
	}
	for i := range 8 {
		inverse8(b, 8*i, 1)
	}
	for i := range b {
		b[i] >>= 8 + 8 + 3
	}
}

// inverse8 transforms the 8 numbers that begin at an index and lie by apart,
// and multiplies them by 256.
func inverse8(b *[64]int32, at, by int) {
	p0, p1, p2, p3 := &b[at], &b[at+by], &b[at+2*by], &b[at+3*by]
	p4, p5, p6, p7 := &b[at+4*by], &b[at+5*by], &b[at+6*by], &b[at+7*by]

	// The even half: a sum, a difference and a rotation by 3/8 of pi.
	r := (*p2 + *p6) * 139 // 0.541196100 * 256
	down := r - *p6*473    // 1.847759065
	up := r + *p2*196      // 0.765366865
	sum, difference := (*p0+*p4)<<8, (*p0-*p4)<<8
	e0, e3, e1, e2 := sum+up, sum-up, difference+down, difference-down

	// The odd half.
	z1, z2, z3, z4 := *p7+*p1, *p5+*p3, *p7+*p3, *p5+*p1
	z5 := (z3 + z4) * 301   // 1.175875602
	z1 *= -230              // 0.899976223
	z2 *= -656              // 2.562915447
	z3 = z3*-502 + z5       // 1.961570560
	z4 = z4*-100 + z5       // 0.390180644
	o0 := *p7*76 + z1 + z3  // 0.298631336
	o1 := *p5*526 + z2 + z4 // 2.053119869
	o2 := *p3*787 + z2 + z3 // 3.072711026
	o3 := *p1*384 + z1 + z4 // 1.501321110

	*p0, *p7 = e0+o3, e0-o3
	*p1, *p6 = e1+o2, e1-o2
	*p2, *p5 = e2+o1, e2-o1
	*p3, *p4 = e3+o0, e3-o0
}
