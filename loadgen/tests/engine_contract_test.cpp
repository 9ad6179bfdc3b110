// What client/engine/engine.hpp promises of operations, rule by rule, held against every engine.
#include "client/engine/stream_end.hpp"
#include "process/descriptors.hpp"
#include "process/wine.hpp"
#include "tests/engine/cases.hpp"

#include <boost/asio/error.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <vector>

namespace loadgen {

using boost::system::error_code;

TEST_CASE("engines: connect, write and read end once each") {
    on_each_engine([](Stage& stage) {
        RecordingUser& user = stage.user();
        stage.scene([&] { user.open(), user.connect(Peer::echo); }, [&] { return heard(user, 1, 0, 0); });
        stage.scene([&] { user.write(1000); }, [&] { return heard(user, 1, 1, 0); });
        stage.scene([&] { user.read(2000); }, [&] { return heard(user, 1, 1, 1); });
        stage.scene([&] { user.read(10), user.write(10); }, [&] { return heard(user, 1, 2, 2); });
        stage.pass_time();
        stage.scene([&] { CHECK(user.close()); }, [&] { return heard(user, 1, 2, 2); });
    });
}

TEST_CASE("engines: an exchange is a write and a read, after a connect or on what is connected") {
    on_each_engine([](Stage& stage) {
        RecordingUser& user = stage.user();
        stage.scene([&] { user.open(), user.connect_and_exchange(Peer::echo, longest_exchange, 1); },
                    [&] { return heard(user, 1, 1, 1); });
        stage.scene([&] { user.exchange(1, longest_exchange); }, [&] { return heard(user, 1, 2, 2); });
        stage.pass_time();
        stage.scene([&] { CHECK(user.close()); }, [&] { return heard(user, 1, 2, 2); });
    });
}

TEST_CASE("engines: an error ends the whole of an exchange, and nothing is under way then") {
    on_each_engine([](Stage& stage) {
        RecordingUser& refused = stage.user();
        RecordingUser& reset = stage.user();
        stage.scene([&] { refused.open(), refused.connect_and_exchange(Peer::refuse, 100, 100); },
                    [&] { return heard(refused, 1, 0, 0); });
        stage.scene([&] { reset.open(), reset.connect(Peer::hold); }, [&] { return heard(reset, 1, 0, 0); });
        stage.scene(
            [&] {
                CHECK(stage.peers().await_held(1));
                stage.peers().reset();
                reset.exchange(100, 100);
            },
            [&] { return heard(reset, 1, 1, 0); });
        stage.pass_time();
        stage.scene([&] { CHECK((refused.close() && reset.close())); },
                    [&] { return heard(refused, 1, 0, 0) && heard(reset, 1, 1, 0); });
    });
}

TEST_CASE("engines: the close in a refused exchange's on_connect is done at once") {
    on_each_engine([](Stage& stage) {
        RecordingUser& user = stage.user();
        user.then([&](Heard, const error_code& error) {
            CHECK(error);
            CHECK(user.close());
        });
        stage.scene([&] { user.open(), user.connect_and_exchange(Peer::refuse, 100, 100); },
                    [&] { return heard(user, 1, 0, 0); });
        close_and_reuse(stage, user);
    });
}

TEST_CASE("engines: a read may be under way while a write is, and end first") {
    on_each_engine([](Stage& stage) {
        RecordingUser& user = stage.user();
        stage.scene([&] { user.open(), user.connect(Peer::hold); }, [&] { return heard(user, 1, 0, 0); });
        stage.scene(
            [&] {
                user.write(large);
                user.read(10);
                CHECK(stage.peers().await_held(1));
                stage.peers().send("early");
            },
            [&] { return heard(user, 1, 0, 1); });
        stage.scene([&] { user.read(10), stage.peers().drain(); }, [&] { return heard(user, 1, 1, 1); });
        stage.scene([&] { stage.peers().send("late"); }, [&] { return heard(user, 1, 1, 2); });
    });
}

TEST_CASE("engines: the peer's end is an end of file, and its reset is not") {
    on_each_engine([](Stage& stage) {
        RecordingUser& user = stage.user();
        const auto last = std::make_shared<error_code>();
        user.then([last](Heard, const error_code& error) { *last = error; });
        stage.scene([&] { user.open(), user.connect(Peer::hang_up); }, [&] { return heard(user, 1, 0, 0); });
        stage.scene([&] { user.exchange(10, 10); }, [&] { return heard(user, 1, 1, 1); });
        stage.scene(
            [&, last] {
                CHECK(is_end_of_stream(*last));
                user.write(10);
            },
            [&] { return heard(user, 1, 2, 1); });
        stage.scene(
            [&, last] {
                CHECK_FALSE(*last);
                CHECK(user.close());
                user.open();
                user.connect_and_exchange(Peer::reset, 10, 10);
            },
            [&] { return heard(user, 2, 3, 2); });
        stage.scene(
            [last] {
                CHECK(*last);
                if (!runs_under_wine()) // it tells some as an end
                    CHECK_FALSE(is_end_of_stream(*last));
            },
            [] { return true; });
    });
}

TEST_CASE("engines: an exchange whose write does not fit at once is whole all the same") {
    on_each_engine([](Stage& stage) {
        RecordingUser& user = stage.user();
        // The answers are there already, so it goes on until what is written fits no more.
        user.then([&](Heard what, const error_code& error) {
            CHECK_FALSE(error);
            if (what == Heard::read && user.bytes_read() < fed)
                user.exchange(longest_exchange, 1);
        });
        stage.scene([&] { user.open(), user.connect_and_exchange(Peer::feed, longest_exchange, 1); },
                    stands_still(user));
        stage.scene(
            [&] {
                CHECK(stage.peers().await_held(1));
                stage.peers().drain();
            },
            [&] { return user.bytes_read() == fed; });
        stage.scene([&] { CHECK(stage.peers().await_drained(fed * longest_exchange)); },
                    [&] { return user.written() == fed * longest_exchange; });
    });
}

TEST_CASE("engines: an exchange whose write is cut short fails") {
    for (const bool is_reset : {true, false})
        on_each_engine([is_reset](Stage& stage) {
            RecordingUser& user = stage.user();
            user.then([&](Heard what, const error_code& error) {
                if (what == Heard::read)
                    user.exchange(longest_exchange, 1);
                else if (error)
                    CHECK(what == Heard::write);
            });
            stage.scene([&] { user.open(), user.connect_and_exchange(Peer::feed, longest_exchange, 1); },
                        stands_still(user));
            stage.scene(
                [&] {
                    CHECK(stage.peers().await_held(1));
                    if (is_reset)
                        stage.peers().reset();
                    else
                        user.close();
                },
                [&] { return is_reset ? user.model().is_idle() : user.model().is_closed(); });
            close_and_reuse(stage, user);
        });
}

TEST_CASE("engines: what has come is unread until it is told") {
    on_each_engine([](Stage& stage) {
        RecordingUser& user = stage.user();
        const auto has_unread = [&user] { return user.transport().has_unread(); };
        stage.scene([&] { user.open(), user.connect(Peer::hold); }, [&] { return heard(user, 1, 0, 0); });
        stage.scene(
            [&] {
                CHECK(stage.peers().await_held(1));
                stage.peers().send("first"); // over TLS behind records that are for no user
                user.read(10);
            },
            [&] { return heard(user, 1, 0, 1); });
        stage.scene(
            [&, has_unread] {
                CHECK_FALSE(has_unread());
                stage.peers().send("early");
            },
            has_unread);
        stage.scene([&] { user.read(10); }, [&] { return heard(user, 1, 0, 2); });
        stage.scene(
            [&, has_unread] {
                CHECK_FALSE(has_unread());
                stage.peers().hang_up();
            },
            has_unread);
        stage.scene([&] { user.read(10); }, [&] { return heard(user, 1, 0, 3); });
    });
}

TEST_CASE("engines: a reset is found behind the end that was announced before it") {
    on_each_engine([](Stage& stage) {
        RecordingUser& user = stage.user();
        const auto last = std::make_shared<error_code>();
        user.then([last](Heard, const error_code& error) { *last = error; });
        stage.scene([&] { user.open(), user.connect(Peer::hold); }, [&] { return heard(user, 1, 0, 0); });
        stage.scene(
            [&] {
                user.read(10);
                CHECK(stage.peers().await_held(1));
                stage.peers().announce_end(); // of TLS; the others have none
                stage.peers().reset();
            },
            [&] { return heard(user, 1, 0, 1); });
        stage.scene(
            [&, last] {
                if (runs_under_wine()) // it tells some as an end
                    return;
                CHECK((is_end_of_stream(*last) ? user.error_behind_end() : *last) ==
                      boost::asio::error::connection_reset);
                CHECK_FALSE(user.error_behind_end()); // told once
            },
            [] { return true; });
    });
}

#ifdef __linux__ // a completion port takes the bytes from the socket before it tells of them
// More than any engine takes from the kernel at once.
TEST_CASE("engines: what the kernel knows is told before the clock strikes") {
    on_each_engine([](Stage& stage) {
        constexpr std::size_t many = 250;
        std::vector<RecordingUser*> users;
        for (std::size_t i = 0; i < many; ++i)
            users.push_back(&stage.user());
        stage.scene(
            [=] {
                for (RecordingUser* const user : users)
                    user->open(), user->connect(Peer::hold);
            },
            [=] {
                return std::all_of(users.begin(), users.end(),
                                   [](RecordingUser* user) { return heard(*user, 1, 0, 0); });
            });
        stage.scene(
            [=, &stage] {
                CHECK(stage.peers().await_held(many));
                for (RecordingUser* const user : users)
                    user->read(10);
            },
            [] { return true; });
        stage.pass_time();
        const auto told = [=] {
            return std::count_if(users.begin(), users.end(),
                                 [](RecordingUser* user) { return heard(*user, 1, 0, 1); });
        };
        const auto strikes = std::make_shared<int>(0);
        stage.scene(
            [=, &stage] {
                stage.peers().send("all at once");
                for (RecordingUser* const user : users)
                    while (!user->transport().has_unread()) {
                    }
                stage.loop().wake_at(EventLoop::Clock::now());
            },
            [=] {
                if (++*strikes == 2)
                    CHECK(told() == many);
                return *strikes == 2;
            });
    });
}
#endif

TEST_CASE("engines: more is begun before a turn of the loop than any queue holds") {
    on_each_engine([](Stage& stage) {
        const std::uint64_t many = std::min<std::uint64_t>(3000, (raise_descriptor_limit(7000) - 500) / 2);
        std::vector<RecordingUser*> users;
        for (std::uint64_t i = 0; i < many; ++i)
            users.push_back(&stage.user());
        const auto all = [users](auto predicate) {
            return std::all_of(users.begin(), users.end(), predicate);
        };
        stage.scene(
            [=] {
                for (RecordingUser* const user : users)
                    user->open(), user->connect_and_exchange(Peer::echo, 10, 10);
            },
            [=] { return all([](RecordingUser* user) { return heard(*user, 1, 1, 1); }); });
        stage.scene(
            [=] {
                for (RecordingUser* const user : users)
                    user->exchange(10, 10);
            },
            [=] { return all([](RecordingUser* user) { return heard(*user, 1, 2, 2); }); });
        stage.scene(
            [=] {
                for (RecordingUser* const user : users)
                    user->exchange(10, 10), user->close();
            },
            [=] { return all([](RecordingUser* user) { return user->model().is_closed(); }); });
    });
}

} // namespace loadgen
