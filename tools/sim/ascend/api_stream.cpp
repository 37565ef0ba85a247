// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Streams and events: work is put off until somebody waits for it.

#include "driver.h"

#include <chrono>

using namespace ascendsim;

namespace ascendsim {

Stream *streamOf(aclrtStream handle) {
  Context *context = currentContext();
  if (!handle)
    return context->standard;
  for (auto &s : context->streams)
    if (s.get() == handle && !s->destroyed)
      return s.get();
  return nullptr;
}

int enqueue(Stream *stream, std::function<int()> run,
            std::vector<std::pair<Stream *, uint64_t>> after) {
  if (stream->capture) {
    stream->capture->nodes.push_back(std::move(run));
    return ACL_SUCCESS;
  }
  // As on the device, what is queued after an error is accepted, and the
  // error is reported to who waits.
  stream->work.push_back({std::move(run), std::move(after)});
  ++stream->enqueued;
  return ACL_SUCCESS;
}

int refuseWaiting(Stream *stream) {
  if (!stream->capture)
    return ACL_SUCCESS;
  stream->capture->wrong = "the host waited for a stream that captures";
  return complain(ACL_ERROR_RT_FEATURE_NOT_SUPPORT, stream->capture->wrong);
}

void runUntil(Stream *stream, uint64_t last) {
  while (stream->done < last && !stream->work.empty()) {
    Work work = std::move(stream->work.front());
    stream->work.pop_front();
    for (auto &[other, number] : work.after)
      runUntil(other, number);
    if (!stream->context->error)
      stream->context->error = work.run();
    ++stream->done;
  }
}

int runAll(Context *context) {
  for (size_t i = 0; i < context->streams.size(); ++i)
    runUntil(context->streams[i].get(), context->streams[i]->enqueued);
  return context->error;
}

namespace {

Event *eventOf(aclrtEvent handle) { return static_cast<Event *>(handle); }

double nowUs() {
  return static_cast<double>(
             std::chrono::steady_clock::now().time_since_epoch().count()) *
         1e-3;
}

} // namespace

} // namespace ascendsim

ACL_API aclError aclrtCreateStream(aclrtStream *out) {
  ACL_CONTEXT;
  if (!out)
    return ACL_ERROR_RT_PARAM_INVALID;
  auto stream = std::make_unique<Stream>();
  stream->context = currentContext();
  *out = stream.get();
  currentContext()->streams.push_back(std::move(stream));
  return ACL_SUCCESS;
}

ACL_API aclError aclrtCreateStreamWithConfig(aclrtStream *out, uint32_t,
                                             uint32_t) {
  return aclrtCreateStream(out);
}

ACL_API aclError aclrtDestroyStream(aclrtStream handle) {
  ACL_CONTEXT;
  Stream *stream = streamOf(handle);
  if (!stream || stream == currentContext()->standard)
    return ACL_ERROR_RT_STREAM_CONTEXT;
  // Its work is still done; others may refer to it.
  runUntil(stream, stream->enqueued);
  stream->destroyed = true;
  return ACL_SUCCESS;
}

ACL_API aclError aclrtSynchronizeStream(aclrtStream handle) {
  ACL_CONTEXT;
  Stream *stream = streamOf(handle);
  if (!stream)
    return ACL_ERROR_RT_STREAM_CONTEXT;
  if (int e = refuseWaiting(stream))
    return e;
  runUntil(stream, stream->enqueued);
  return stream->context->error;
}

ACL_API aclError aclrtSynchronizeStreamWithTimeout(aclrtStream handle,
                                                   int32_t) {
  return aclrtSynchronizeStream(handle);
}

ACL_API aclError aclrtSynchronizeDevice() {
  ACL_CONTEXT;
  return runAll(currentContext());
}

ACL_API aclError aclrtStreamQuery(aclrtStream handle,
                                  aclrtStreamStatus *status) {
  ACL_CONTEXT;
  Stream *stream = streamOf(handle);
  if (!stream)
    return ACL_ERROR_RT_STREAM_CONTEXT;
  if (!status)
    return ACL_ERROR_RT_PARAM_INVALID;
  // A host that asks lets the device do one thing, so that asking ends.
  if (stream->done < stream->enqueued)
    runUntil(stream, stream->done + 1);
  *status = stream->done < stream->enqueued ? ACL_STREAM_STATUS_NOT_READY
                                            : ACL_STREAM_STATUS_COMPLETE;
  return stream->context->error;
}

ACL_API aclError aclrtCreateEventWithFlag(aclrtEvent *out, uint32_t) {
  ACL_CONTEXT;
  if (!out)
    return ACL_ERROR_RT_PARAM_INVALID;
  *out = new Event;
  return ACL_SUCCESS;
}

ACL_API aclError aclrtCreateEvent(aclrtEvent *out) {
  return aclrtCreateEventWithFlag(out, 0);
}

ACL_API aclError aclrtCreateEventExWithFlag(aclrtEvent *out, uint32_t flag) {
  return aclrtCreateEventWithFlag(out, flag);
}

ACL_API aclError aclrtDestroyEvent(aclrtEvent handle) {
  ACL_LOCK;
  if (!handle)
    return ACL_ERROR_RT_PARAM_INVALID;
  delete eventOf(handle);
  return ACL_SUCCESS;
}

ACL_API aclError aclrtRecordEvent(aclrtEvent handle, aclrtStream streamHandle) {
  ACL_CONTEXT;
  Stream *stream = streamOf(streamHandle);
  Event *event = eventOf(handle);
  if (!event || !stream)
    return ACL_ERROR_RT_PARAM_INVALID;
  event->capture = stream->capture;
  if (stream->capture) {
    event->stream = stream;
    return ACL_SUCCESS;
  }
  auto us = std::make_shared<double>(0);
  int e = enqueue(stream, [us] {
    // With the cycle model on, the time of the device.
    *us = driver().clockUs ? driver().clockUs : nowUs();
    return int(ACL_SUCCESS);
  });
  event->stream = stream;
  event->number = stream->enqueued;
  event->us = us;
  return e;
}

ACL_API aclError aclrtResetEvent(aclrtEvent handle, aclrtStream streamHandle) {
  ACL_CONTEXT;
  if (!handle || !streamOf(streamHandle))
    return ACL_ERROR_RT_PARAM_INVALID;
  return ACL_SUCCESS; // a later record makes it anew
}

ACL_API aclError aclrtStreamWaitEvent(aclrtStream streamHandle,
                                      aclrtEvent handle) {
  ACL_CONTEXT;
  Stream *stream = streamOf(streamHandle);
  Event *event = eventOf(handle);
  if (!event || !stream)
    return ACL_ERROR_RT_PARAM_INVALID;
  if (!event->stream)
    return ACL_SUCCESS;
  if (std::shared_ptr<Capture> capture = event->capture.lock()) {
    // The stream joins the capture; nodes stand in the order of capture,
    // which respects this edge.
    if (stream->capture && stream->capture != capture)
      stream->capture->wrong = capture->wrong = "two captures would merge";
    stream->capture = capture;
    return ACL_SUCCESS;
  }
  if (stream->capture) {
    stream->capture->wrong = "it would wait for work outside of it";
    return ACL_ERROR_RT_PARAM_INVALID;
  }
  return enqueue(stream, [] { return int(ACL_SUCCESS); },
                 {{event->stream, event->number}});
}

ACL_API aclError aclrtSynchronizeEvent(aclrtEvent handle) {
  ACL_CONTEXT;
  Event *event = eventOf(handle);
  if (!event)
    return ACL_ERROR_RT_PARAM_INVALID;
  if (event->stream) {
    if (int e = refuseWaiting(event->stream))
      return e;
    runUntil(event->stream, event->number);
  }
  return currentContext()->error;
}

ACL_API aclError aclrtQueryEventStatus(aclrtEvent handle,
                                       aclrtEventRecordedStatus *status) {
  ACL_CONTEXT;
  Event *event = eventOf(handle);
  if (!event || !status)
    return ACL_ERROR_RT_PARAM_INVALID;
  Stream *s = event->stream;
  if (s && s->done < event->number)
    runUntil(s, s->done + 1);
  *status = s && s->done < event->number ? ACL_EVENT_RECORDED_STATUS_NOT_READY
                                         : ACL_EVENT_RECORDED_STATUS_COMPLETE;
  return currentContext()->error;
}

ACL_API aclError aclrtEventElapsedTime(float *ms, aclrtEvent start,
                                       aclrtEvent end) {
  ACL_CONTEXT;
  Event *a = eventOf(start), *b = eventOf(end);
  if (!ms || !a || !b || !a->us || !b->us)
    return ACL_ERROR_RT_PARAM_INVALID;
  if (a->stream->done < a->number || b->stream->done < b->number)
    return ACL_ERROR_RT_EVENT_TIMESTAMP_INVALID;
  *ms = static_cast<float>((*b->us - *a->us) * 1e-3);
  return ACL_SUCCESS;
}
