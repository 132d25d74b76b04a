#include "daemon/http/reader.h"

#include <atomic>
#include <utility>

#include "daemon/http/task_queue.h"

namespace cellvigil::http {

class Reader::Impl {
  public:
    Impl(Open open, std::size_t at_most_waiting) : open_(std::move(open)), queue_(at_most_waiting) {}
    ~Impl() { stopping_ = true; }

    bool run(Job job) {
        return queue_.add([this, job = std::move(job)] { job(session()); });
    }

  private:
    Result<store::Store*> session() {  // on the queue's thread
        if (stopping_) return fail(Errc::unavailable, "stopping");
        if (!store_) {
            auto opened = open_();
            if (!opened) return fail(std::move(opened).error());
            store_ = std::move(*opened);
        }
        return store_.get();
    }

    Open open_;
    std::unique_ptr<store::Store> store_;
    std::atomic<bool> stopping_{false};
    TaskQueue queue_;  // last: its thread uses the others
};

Reader::Reader(Open open, std::size_t at_most_waiting)
    : impl_(std::make_unique<Impl>(std::move(open), at_most_waiting)) {}
Reader::~Reader() = default;
bool Reader::run(Job job) { return impl_->run(std::move(job)); }

}  // namespace cellvigil::http
