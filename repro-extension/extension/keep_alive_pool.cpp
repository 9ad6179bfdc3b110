// Both workarounds at once.
#include "variant.hpp"
#include "worker_pool.hpp"

namespace repro {

constinit const Variant variant{
    .name = "keep-alive-pool",
    .keep_alive = true,
    .start = worker_pool::start,
    .process = worker_pool::process,
    .stop = worker_pool::stop,
};

} // namespace repro
