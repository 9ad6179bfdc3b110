// A transport's user that holds it to the contract.
#pragma once

#include "client/engine/engine.hpp"
#include "tests/engine/contract_model.hpp"
#include "tests/engine/journal.hpp"
#include "tests/engine/peers.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace loadgen {

enum class Heard { connect, write, read, closed };

/// Every operation has memory of its own, which is gone as soon as the contract permits. What is written to a
/// peer that echoes must come back as it was.
class RecordingUser final : private TransportUser {
  public:
    using error_code = boost::system::error_code;

    RecordingUser(EventLoop& loop, const Peers& peers, Journal& journal, unsigned number);
    ~RecordingUser();
    RecordingUser(const RecordingUser&) = delete;
    RecordingUser& operator=(const RecordingUser&) = delete;

    /// Makes what it does next last: called after everything that is heard.
    void then(std::function<void(Heard, const error_code&)> what) { then_ = std::move(what); }

    error_code open(const boost::asio::ip::address* source = nullptr);
    void connect(Peer peer);
    void write(std::size_t bytes);
    void read(std::size_t space);
    void exchange(std::size_t bytes, std::size_t space);
    void connect_and_exchange(Peer peer, std::size_t bytes, std::size_t space);
    bool close();

    const ContractModel& model() const { return model_; }
    Peer peer() const { return peer_; }
    const Transport& transport() const { return *transport_; }
    error_code error_behind_end() { return transport_->error_behind_end(); }
    unsigned times(Heard what) const { return times_.at(static_cast<std::size_t>(what)); }
    /// What is under way and will end without any help of ours.
    bool awaits_end() const;
    std::uint64_t written() const { return written_; } ///< on this connection, by writes that have ended
    std::uint64_t bytes_read() const { return read_; } ///< on this connection

  private:
    void on_connect(const error_code& error) override;
    void on_write(const error_code& error) override;
    void on_read(const error_code& error, std::size_t bytes) override;
    void on_closed() override;

    void note(const std::string& line) const;
    void hear(Heard what, const std::string& wrong, const error_code& error);
    void new_connection();
    std::string_view make_bytes(std::size_t size);
    std::span<char> make_space(std::size_t size);
    void check_echo(std::size_t bytes) const;
    void let_go();
    char byte_at(std::uint64_t position) const;

    Journal& journal_;
    const Peers& peers_;
    unsigned number_;
    ContractModel model_;
    std::function<void(Heard, const error_code&)> then_;
    std::array<unsigned, 4> times_{};

    boost::asio::ip::tcp::endpoint target_; // overwritten when the call returns
    Peer peer_ = Peer::refuse;
    unsigned connection_ = 0;
    std::uint64_t begun_ = 0; // bytes whose write has been begun
    std::uint64_t written_ = 0;
    std::uint64_t read_ = 0;
    std::unique_ptr<std::vector<char>> bytes_;             // of the write
    std::unique_ptr<std::vector<char>> space_;             // of the read
    std::vector<std::unique_ptr<std::vector<char>>> gone_; // spaces nobody may write to any more

    std::unique_ptr<Transport> transport_; // last: while it goes, it may still read into space_
};

} // namespace loadgen
