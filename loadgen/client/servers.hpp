// The addresses of the host under load: where new connections go. A name may come to mean others while the
// load goes on.
#pragma once

#include <boost/asio/ip/tcp.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace loadgen {

/// One address of the host.
struct Server {
    boost::asio::ip::tcp::endpoint endpoint;
    boost::asio::ip::address local_address; ///< from where the system connects to it
};

/// Those that the name has now. Any thread may ask and replace. A server stays where it is as long as this
/// does, also when the name has it no more: connections to it may go on.
class Servers {
  public:
    using Clock = std::chrono::steady_clock;
    using List = std::vector<const Server*>;

    explicit Servers(const std::vector<Server>& servers) { replace(servers); }

    std::shared_ptr<const List> now() const;
    /// Another one where now() is another list. Takes no lock: to be asked for each connection.
    std::uint64_t version() const { return version_.load(std::memory_order_acquire); }

    /// True if they are others than before, whatever their order. There must be one at least.
    bool replace(const std::vector<Server>& servers);
    /// When they were last looked up, also in vain.
    Clock::time_point looked_up() const;
    void note_look_up();

  private:
    const Server& known(const Server& server);

    mutable std::mutex mutex_;
    std::deque<Server> known_; // all that the name ever had
    std::shared_ptr<const List> now_;
    Clock::time_point looked_up_ = Clock::now();
    std::atomic<std::uint64_t> version_ = 0;
};

/// "127.0.0.1:80", or the list of them.
std::string addresses_of(const Servers::List& servers);

/// Looks a name up again and again, in a thread of its own, since that may take as long as it likes.
class Resolver {
  public:
    /// Throws a std::exception, with a sentence, if there are none.
    using LookUp = std::function<std::vector<Server>()>;

    /// What there is to say of a look-up.
    struct Remark {
        bool is_warning;
        std::string text;
    };

    /// First when `every` has passed since they were last looked up, or at once if it has.
    Resolver(std::shared_ptr<Servers> servers, std::chrono::nanoseconds every, std::string host,
             LookUp look_up);
    /// Does not wait for a look-up: what comes of it is dropped.
    ~Resolver();
    Resolver(const Resolver&) = delete;
    Resolver& operator=(const Resolver&) = delete;

    /// Those since the last call. Of several failures in a row only the first is one.
    std::vector<Remark> take_remarks();

  private:
    struct State;

    std::shared_ptr<State> state_; // the thread's too, which may outlive this
    std::thread thread_;
};

} // namespace loadgen
