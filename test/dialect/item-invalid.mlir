// RUN: gemel-opt %s -split-input-file -verify-diagnostics
// What the language refuses, with the whole message. One case a split.

// obligation
gemel.check @f {
// expected-error @+1 {{'should' is not an obligation; write 'case', 'tol' or 'must'}}
  should repeat
}

// -----

// must
gemel.check @f {
// expected-error @+1 {{expected one or more of 'repeat batch tile vendor', in this order}}
  must be fast
}

// -----

// case
gemel.check @f {
// expected-error @+1 {{a case lists sizes or what is given}}
  case
}

// -----

// tolerance
gemel.check @f {
// expected-error @+1 {{expected a dtype after 'tol'}}
  tol f64 ulp 2
}

// -----

// unit
gemel.check @f {
// expected-error @+1 {{expected 'ulp n'}}
  tol f32 eps 2
}

// -----

// element
gemel.check @f {
  case N = 1
// expected-error @+1 {{expected a number, 'inf', 'nan', or '0x' and an element's bits}}
    given x = [one]
}

// -----

// plan without chip
// expected-error @+1 {{expected 'for' and a chip}}
gemel.plan @f {
}

// -----

// plan directive
gemel.plan @f for cpu {
// expected-error @+1 {{expected 'tile A = n' or '}'}}
  unroll N = 4
}

// -----

// plan_tile_c1: plan tile
gemel.plan @f for cpu {
// expected-error @+1 {{'tile N = 12' would cut the axis between aligned runs; take a power of two from 1 to 65536}}
  tile N = 12
}
