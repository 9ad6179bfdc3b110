// The second workaround of KB 813531 to the letter: the thread still exits, but the connection is
// kept.
#include "variant.hpp"
#include "worker_threads.hpp"

namespace repro {

constinit const Variant variant{
    .name = "keep-alive",
    .keep_alive = true,
    .start = worker_threads::start,
    .process = worker_threads::process,
    .stop = worker_threads::stop,
};

} // namespace repro
