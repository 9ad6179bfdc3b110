// The fault of KB 813531.
#include "variant.hpp"
#include "worker_threads.hpp"

namespace repro {

constinit const Variant variant{
    .name = "thread-per-request",
    .keep_alive = false,
    .start = worker_threads::start,
    .process = worker_threads::process,
    .stop = worker_threads::stop,
};

} // namespace repro
