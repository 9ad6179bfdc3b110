// The TLS loop, trusting the certificate of its peers.
#pragma once

#include "tests/engine/under_test.hpp"

namespace loadgen {

LoopUnderTest tls_under_test();

} // namespace loadgen
