// Operations in any order that the contract of client/engine/engine.hpp permits, against peers of every kind.
#include "tests/engine/stage.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace loadgen {
namespace {

using boost::system::error_code;

class Hunt {
  public:
    Hunt(const LoopUnderTest& under_test, std::uint64_t seed) : stage_(under_test), random_(seed) {
        for (unsigned i = 0; i < transports; ++i) {
            RecordingUser& user = stage_.user();
            user.then([this, &user](Heard, const error_code&) { on_heard(user); });
            users_.push_back(&user);
        }
        ends_abruptly_ = is_drawn(2);
    }

    std::string run() {
        const auto still = [this](auto predicate) {
            return std::none_of(users_.begin(), users_.end(), predicate);
        };
        stage_.scene([] {},
                     [this] {
                         for (unsigned i = 0; i < 3; ++i)
                             act(any());
                         command();
                         return steps_ == 0;
                     });
        stage_.scene([] {},
                     [still] { return still([](RecordingUser* user) { return user->awaits_end(); }); });
        stage_.scene(
            [this] {
                for (RecordingUser* const user : users_)
                    user->close();
            },
            [still] { return still([](RecordingUser* user) { return user->model().is_closing(); }); });
        return stage_.play();
    }

  private:
    static constexpr unsigned transports = 12;

    std::uint64_t draw(std::uint64_t below) { return random_() % below; }
    bool is_drawn(std::uint64_t one_of) { return draw(one_of) == 0; }
    RecordingUser& any() { return *users_[draw(transports)]; }
    Peer any_peer() {
        constexpr std::array peers = {Peer::echo,  Peer::echo,    Peer::echo,   Peer::hold, Peer::feed,
                                      Peer::reset, Peer::hang_up, Peer::refuse, Peer::never};
        return peers[draw(peers.size())];
    }
    std::size_t some(std::size_t most) { return 1 + draw(most); }

    void on_heard(RecordingUser& user) {
        if (steps_ == 0) {
            if (ends_abruptly_)
                stage_.stop();
            ends_abruptly_ = false;
            return;
        }
        for (unsigned i = 0; i < 2; ++i)
            if (is_drawn(2))
                act(user);
        for (unsigned i = 0; i < 2; ++i)
            if (is_drawn(4))
                act(any());
    }

    void act(RecordingUser& user) {
        if (steps_ == 0)
            return;
        --steps_;
        const ContractModel& model = user.model();
        if (model.is_closed())
            is_drawn(20) ? static_cast<void>(user.close()) : open(user);
        else if (is_drawn(model.is_closing() || model.is_connecting() ? 10 : 6))
            user.close();
        else if (model.may_connect())
            is_drawn(3) ? user.connect(any_peer())
                        : user.connect_and_exchange(any_peer(), some(longest_exchange), some(4096));
        else if (model.may_exchange() && is_drawn(2))
            user.exchange(some(longest_exchange), some(4096));
        else if (model.may_write() && is_drawn(2))
            user.write(some(is_drawn(10) ? 4'000'000 : 2000));
        else if (model.may_read())
            user.read(some(4096));
    }

    void open(RecordingUser& user) {
        user.open();
        if (!is_drawn(10))
            act(user);
    }

    void command() {
        Peers& peers = stage_.peers();
        switch (draw(100)) {
        case 0:
            return peers.reset();
        case 1:
            return peers.hang_up();
        case 2:
            return peers.drain();
        case 3:
            return peers.send("unasked for");
        default:
            return;
        }
    }

    Stage stage_;
    std::mt19937_64 random_;
    std::vector<RecordingUser*> users_;
    unsigned steps_ = 1000;
    bool ends_abruptly_ = false;
};

} // namespace

TEST_CASE("engines: a hunt for what breaks the contract") {
    for (const LoopUnderTest& under_test : loops_under_test())
        for (std::uint64_t seed = 1; seed <= 12; ++seed) {
            INFO(under_test.name, ", seed ", seed);
            REQUIRE(Hunt(under_test, seed).run() == "");
        }
}

} // namespace loadgen
