// The first workaround of KB 813531, the recommended one.
#include "variant.hpp"
#include "worker_pool.hpp"

namespace repro {

constinit const Variant variant{
    .name = "thread-pool",
    .keep_alive = false,
    .start = worker_pool::start,
    .process = worker_pool::process,
    .stop = worker_pool::stop,
};

} // namespace repro
