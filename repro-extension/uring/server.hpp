// The server: accepts and first reads, who is answered by whom, and what was counted.
#pragma once

#include "counters.hpp"
#include "listener.hpp"
#include "options.hpp"
#include "ring.hpp"
#include "stop.hpp"
#include "victims.hpp"
#include "workers.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace uring {

class Server {
  public:
    explicit Server(const Options& options);

    std::uint16_t port() const;
    /// Serves until it is to stop, in a thread that stays.
    void run();
    const Counters& counters() const { return counters_; }

  private:
    /// A descriptor of the ring's own, from the accept that is submitted for it to its close.
    struct Connection {
        unsigned index = 0;
        bool is_accepted = false;
        sockaddr_in peer{};
        socklen_t peer_size = 0;
        std::array<char, 4096> head{};
        std::size_t size = 0;
        std::string answer;
        Poster poster;
    };
    enum Step : unsigned { accept = 1, read, peek, send, close, signal, input };
    struct Variant {
        std::string name;
        std::unique_ptr<Workers> workers;
    };

    void on_completion(const Completion& completion);
    void on_accept(Connection& connection, int result);
    void on_read(Connection& connection, int result);
    void on_peek(Connection& connection, int result);
    void on_close(Connection& connection);
    void on_head(Connection& connection);

    Connection& take_free(const Poster& poster);
    void answer(Connection& connection, std::string text, const Poster& poster);
    void drop(Connection& connection);
    static void prepare(Connection& connection, const Poster& poster);
    static Poster ring_thread();

    Ring::Request accept_for(Connection& connection);
    Ring::Request read_from(Connection& connection);
    Ring::Request close_of(Connection& connection);

    VictimLog victims_;
    StopWish stop_;
    unsigned outstanding_;
    Listener listener_;
    std::vector<Connection> connections_;
    std::mutex free_guard_;
    std::vector<Connection*> free_;
    Counters counters_;
    bool is_stopping_ = false;
    Ring ring_;
    std::map<std::string, Variant, std::less<>> variants_; // by path; they use all of the above
};

} // namespace uring
