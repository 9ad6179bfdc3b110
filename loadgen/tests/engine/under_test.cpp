#include "tests/engine/under_test.hpp"

#ifdef LOADGEN_HAS_HTTPS
#include "tests/engine/tls_under_test.hpp"
#endif

namespace loadgen {

std::vector<LoopUnderTest> loops_under_test() {
    std::vector<LoopUnderTest> loops;
    for (const Engine engine : permitted_engines())
        loops.push_back(
            {std::string(name(engine)), [engine] { return make_event_loop(engine); }, make_plain_stream});
#ifdef LOADGEN_HAS_HTTPS
    loops.push_back(tls_under_test());
#endif
    return loops;
}

} // namespace loadgen
