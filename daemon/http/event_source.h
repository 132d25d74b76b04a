// What one client of a stream is still to be told, as text/event-stream. A client that does not keep up is let go: it
// comes back with the id of the last event it has.
#pragma once

#include <functional>
#include <string>

namespace cellvigil::http {

class EventSource {
  public:
    virtual ~EventSource() = default;
    virtual std::string take() = 0;  // whole events that wait; empty: none. Does not block
    virtual bool over() = 0;         // nothing more will come
    // `wake` is called from any thread when there is something to take, or it is over.
    virtual void on_ready(std::function<void()> wake) = 0;
};

}  // namespace cellvigil::http
