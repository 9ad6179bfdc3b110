// What client/engine/engine.hpp promises of stop(), held against every engine.
#include "tests/engine/cases.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <vector>

namespace loadgen {

using boost::system::error_code;

TEST_CASE("engines: nothing is heard after stop(), and what was closed is closed") {
    on_each_engine(
        [](Stage& stage) {
            std::vector<RecordingUser*> users;
            for (unsigned i = 0; i < 50; ++i) {
                users.push_back(&stage.user());
                users.back()->then([&stage, &user = *users.back()](Heard what, const error_code&) {
                    if (what != Heard::read)
                        return;
                    stage.loop().wake_at(EventLoop::Clock::now());
                    user.close();
                    stage.stop();
                });
            }
            stage.scene(
                [=] {
                    for (RecordingUser* const user : users)
                        user->open(), user->connect_and_exchange(Peer::echo, 100, 100);
                },
                [] { return false; });
        },
        [](Stage& stage) { CHECK(stage.peers().await_no_echo()); });
}

TEST_CASE("engines: what has come with that from which stop() is called is not heard any more") {
    on_each_engine([](Stage& stage) {
        std::vector<RecordingUser*> users;
        for (unsigned i = 0; i < 50; ++i) {
            users.push_back(&stage.user());
            users.back()->then([&stage](Heard what, const error_code&) {
                if (what == Heard::read)
                    stage.stop();
            });
        }
        stage.scene(
            [=] {
                for (RecordingUser* const user : users)
                    user->open(), user->connect(Peer::hold);
            },
            [=] {
                return std::all_of(users.begin(), users.end(),
                                   [](RecordingUser* user) { return user->times(Heard::connect) == 1; });
            });
        stage.scene(
            [=, &stage] {
                for (RecordingUser* const user : users)
                    user->read(10);
                CHECK(stage.peers().await_held(users.size()));
            },
            [] { return true; });
        stage.pass_time();
        stage.scene([&stage] { stage.peers().hang_up(); }, [] { return false; });
    });
}

TEST_CASE("engines: stopped with each kind of operation under way") {
    on_each_engine([](Stage& stage) {
        std::vector<RecordingUser*> users;
        for (unsigned i = 0; i < 40; ++i) {
            users.push_back(&stage.user());
            users.back()->then([&stage](Heard, const error_code&) { stage.stop(); });
        }
        stage.scene(
            [=] {
                for (std::size_t i = 0; i < users.size(); ++i) {
                    users[i]->open();
                    users[i]->connect_and_exchange(i % 4 == 0 ? Peer::never : Peer::hold, 100, 100);
                }
            },
            [] { return false; });
    });
}

TEST_CASE("engines: stopped with a write under way that nobody reads") {
    on_each_engine([](Stage& stage) {
        RecordingUser& user = stage.user();
        stage.scene([&] { user.open(), user.connect(Peer::hold); }, [&] { return heard(user, 1, 0, 0); });
        stage.scene([&] { user.write(large); }, stands_still(user));
    });
}

} // namespace loadgen
