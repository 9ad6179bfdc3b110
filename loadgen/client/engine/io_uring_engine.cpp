#include "client/engine/io_uring_engine.hpp"

#include "client/engine/ring.hpp"
#include "client/engine/ring_transport.hpp"
#include "client/engine/turning_loop.hpp"

namespace loadgen {
namespace {

class RingLoop final : public TurningLoop {
  public:
    std::unique_ptr<Transport> make_transport(TransportUser& user) override {
        count_transport();
        return std::make_unique<RingTransport>(ring_, *this, user);
    }

  private:
    std::size_t turn(Clock::time_point until) override { return ring_.turn(left(until)); }

    Ring ring_;
};

} // namespace

std::unique_ptr<EventLoop> make_io_uring_loop() {
    return std::make_unique<RingLoop>();
}

} // namespace loadgen
