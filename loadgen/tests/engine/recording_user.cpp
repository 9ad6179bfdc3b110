#include "tests/engine/recording_user.hpp"

#include "client/engine/stream_end.hpp"

#include <boost/asio/error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace loadgen {
namespace {

constexpr char overwritten = '\x5a';

} // namespace

RecordingUser::RecordingUser(EventLoop& loop, const Peers& peers, Journal& journal, unsigned number)
    : journal_(journal), peers_(peers), number_(number), transport_(loop.make_transport(*this)) {}

RecordingUser::~RecordingUser() {
    transport_.reset();
    for (const auto& space : gone_)
        if (std::count(space->begin(), space->end(), overwritten) != std::ssize(*space))
            journal_.fault(fmt::format("{}: read into what was no more to be read into", number_));
}

RecordingUser::error_code RecordingUser::open(const boost::asio::ip::address* source) {
    const Journal::Call call(journal_);
    const error_code error = transport_->open(boost::asio::ip::tcp::v4(), source, number_ % 2 == 0);
    note("open: " + error.message());
    model_.opened(!error);
    new_connection();
    if (!error && !transport_->is_open())
        journal_.fault(fmt::format("{}: is not open after open()", number_));
    return error;
}

void RecordingUser::new_connection() {
    ++connection_;
    begun_ = written_ = read_ = 0;
}

void RecordingUser::connect(Peer peer) {
    note(fmt::format("connect to peer {}", static_cast<int>(peer)));
    peer_ = peer;
    target_ = peers_.endpoint(peer);
    model_.connect();
    const Journal::Call call(journal_);
    transport_->connect(target_);
    target_ = {};
}

void RecordingUser::write(std::size_t bytes) {
    note(fmt::format("write {}", bytes));
    model_.write();
    const Journal::Call call(journal_);
    transport_->write(make_bytes(bytes));
}

void RecordingUser::read(std::size_t space) {
    note(fmt::format("read {}", space));
    model_.read();
    const Journal::Call call(journal_);
    transport_->read(make_space(space));
}

void RecordingUser::exchange(std::size_t bytes, std::size_t space) {
    note(fmt::format("exchange {}, {}", bytes, space));
    model_.exchange();
    const Journal::Call call(journal_);
    const auto room = make_space(space);
    transport_->exchange(make_bytes(bytes), room);
}

void RecordingUser::connect_and_exchange(Peer peer, std::size_t bytes, std::size_t space) {
    note(fmt::format("connect to peer {} and exchange {}, {}", static_cast<int>(peer), bytes, space));
    peer_ = peer;
    target_ = peers_.endpoint(peer);
    model_.connect_and_exchange();
    const Journal::Call call(journal_);
    const auto room = make_space(space);
    transport_->connect_and_exchange(target_, make_bytes(bytes), room);
    target_ = {};
}

bool RecordingUser::close() {
    const Journal::Call call(journal_);
    const bool at_once = transport_->close();
    note(fmt::format("close: {}", at_once));
    if (const std::string wrong = model_.closed(at_once); !wrong.empty())
        journal_.fault(fmt::format("{}: {}", number_, wrong));
    if (transport_->is_open())
        journal_.fault(fmt::format("{}: is open after close()", number_));
    if (at_once)
        let_go();
    return at_once;
}

bool RecordingUser::awaits_end() const {
    if (model_.is_closing() || (model_.is_connecting() && peer_ != Peer::never))
        return true;
    const bool reads_and_goes = peer_ == Peer::hang_up || peer_ == Peer::reset;
    if (model_.is_writing())
        return reads_and_goes;
    return model_.is_reading() &&
           ((reads_and_goes && written_ > 0) || (peer_ == Peer::echo && written_ > read_) ||
            (peer_ == Peer::feed && read_ < fed));
}

void RecordingUser::on_connect(const error_code& error) {
    note("on_connect: " + error.message());
    std::string wrong = model_.heard_connect(error);
#ifdef __linux__ // elsewhere the backlog may take it
    if (!error && peer_ == Peer::never)
        wrong = "connected to who never accepts";
#endif
    if (!error && peer_ == Peer::refuse)
        wrong = "connected to who refuses";
    hear(Heard::connect, wrong, error);
}

void RecordingUser::on_write(const error_code& error) {
    note("on_write: " + error.message());
    if (!error)
        written_ = begun_;
    const std::string wrong = model_.heard_write(error);
    bytes_.reset();
    hear(Heard::write, wrong, error);
}

void RecordingUser::on_read(const error_code& error, std::size_t bytes) {
    note(fmt::format("on_read: {}, {}", bytes, error.message()));
    const std::string wrong =
        model_.heard_read(error, is_end_of_stream(error), bytes, space_ ? space_->size() : 0);
    if (wrong.empty() && peer_ == Peer::echo)
        check_echo(bytes);
    read_ += bytes;
    space_.reset();
    hear(Heard::read, wrong, error);
}

void RecordingUser::on_closed() {
    note("on_closed");
    const std::string wrong = model_.heard_closed();
    let_go();
    hear(Heard::closed, wrong, {});
}

void RecordingUser::note(const std::string& line) const {
    journal_.note(fmt::format("{}: {}", number_, line));
}

void RecordingUser::hear(Heard what, const std::string& wrong, const error_code& error) {
    if (!wrong.empty())
        journal_.fault(fmt::format("{}: {}", number_, wrong));
    journal_.heard();
    ++times_.at(static_cast<std::size_t>(what));
    if (then_)
        then_(what, error);
}

std::string_view RecordingUser::make_bytes(std::size_t size) {
    bytes_ = std::make_unique<std::vector<char>>(size);
    for (char& byte : *bytes_)
        byte = byte_at(begun_++);
    return {bytes_->data(), size};
}

std::span<char> RecordingUser::make_space(std::size_t size) {
    space_ = std::make_unique<std::vector<char>>(size);
    return *space_;
}

void RecordingUser::check_echo(std::size_t bytes) const {
    if (read_ + bytes > begun_)
        return journal_.fault(fmt::format("{}: read more than was written", number_));
    for (std::size_t i = 0; i < bytes; ++i)
        if ((*space_)[i] != byte_at(read_ + i))
            return journal_.fault(fmt::format("{}: byte {} came back changed", number_, read_ + i));
}

// What has been given up.
void RecordingUser::let_go() {
    bytes_.reset();
    if (!space_)
        return;
    std::fill(space_->begin(), space_->end(), overwritten);
    gone_.push_back(std::move(space_));
}

// Different on each connection.
char RecordingUser::byte_at(std::uint64_t position) const {
    return static_cast<char>(position * 31 + std::uint64_t{connection_} * 7 + number_ + (position >> 8));
}

} // namespace loadgen
