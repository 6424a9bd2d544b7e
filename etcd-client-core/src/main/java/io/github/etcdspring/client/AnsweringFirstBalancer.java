/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.Set;

import io.github.etcdspring.Ticker;
import io.grpc.Attributes;
import io.grpc.ClientStreamTracer;
import io.grpc.ConnectivityState;
import io.grpc.LoadBalancer;
import io.grpc.LoadBalancerProvider;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.util.ForwardingLoadBalancer;
import io.grpc.util.ForwardingLoadBalancerHelper;
import org.jspecify.annotations.Nullable;

/**
 * Round robin that passes over a member which does not answer, as long as another does. A
 * process that hangs keeps its connections, and gRPC notices only when a ping has been
 * unanswered; until then every third call would be lost there. If all members are silent,
 * as they are without a quorum, all get calls as before.
 */
final class AnsweringFirstBalancer extends ForwardingLoadBalancer {

	/** Services whose unary calls a member answers soon. Others may wait for long. */
	private static final Set<String> PROMPT = Set.of("etcdserverpb.KV", "etcdserverpb.Lease");

	/** How many turns a call looks for a member that answers. */
	private static final int ROUNDS = 4;

	private static final Attributes.Key<Ears> EARS = Attributes.Key.create("etcd-ears");

	private final LoadBalancer roundRobin;

	private final Ticker ticker;

	private volatile int count = 1;

	AnsweringFirstBalancer(LoadBalancer.Helper helper, LoadBalancerProvider roundRobin, Ticker ticker) {
		this.ticker = ticker;
		this.roundRobin = roundRobin.newLoadBalancer(new ListeningChannel(helper));
	}

	@Override
	protected LoadBalancer delegate() {
		return this.roundRobin;
	}

	@Override
	public Status acceptResolvedAddresses(ResolvedAddresses resolved) {
		this.count = resolved.getAddresses().size();
		return this.roundRobin.acceptResolvedAddresses(resolved);
	}

	/** Gives round robin's picks a second thought. */
	private final class ListeningChannel extends ForwardingLoadBalancerHelper {

		private final LoadBalancer.Helper channel;

		ListeningChannel(LoadBalancer.Helper channel) {
			this.channel = channel;
		}

		@Override
		protected LoadBalancer.Helper delegate() {
			return this.channel;
		}

		@Override
		public Subchannel createSubchannel(CreateSubchannelArgs args) {
			Attributes attributes = args.getAttributes().toBuilder().set(EARS, ears(new MemberSilence())).build();
			return this.channel.createSubchannel(args.toBuilder().setAttributes(attributes).build());
		}

		@Override
		public void updateBalancingState(ConnectivityState state, SubchannelPicker picker) {
			this.channel.updateBalancingState(state, (state == ConnectivityState.READY) ? new Picker(picker) : picker);
		}

	}

	/** Picks a member that answers, and listens whether it does. */
	private final class Picker extends SubchannelPicker {

		private final SubchannelPicker picker;

		Picker(SubchannelPicker picker) {
			this.picker = picker;
		}

		@Override
		public PickResult pickSubchannel(PickSubchannelArgs call) {
			PickResult pick = this.picker.pickSubchannel(call);
			// others pick meanwhile, so that a few picks may all find the same member; a
			// multiple of the members' count, so that the turn moves on when all are
			// silent
			for (int more = ROUNDS * AnsweringFirstBalancer.this.count; more > 0 && isSilent(pick); more--) {
				pick = this.picker.pickSubchannel(call);
			}
			Ears ears = earsOf(pick);
			return (ears == null) ? pick
					: pick.copyWithStreamTracerFactory(isPrompt(call) ? ears.prompt() : ears.patient());
		}

		private boolean isSilent(PickResult pick) {
			Ears ears = earsOf(pick);
			return ears != null && ears.member().isSilent(AnsweringFirstBalancer.this.ticker.nanoTime());
		}

		private static @Nullable Ears earsOf(PickResult pick) {
			Subchannel subchannel = pick.getSubchannel();
			return (subchannel != null) ? subchannel.getAttributes().get(EARS) : null;
		}

		private static boolean isPrompt(PickSubchannelArgs call) {
			MethodDescriptor<?, ?> method = call.getMethodDescriptor();
			return method.getType() == MethodDescriptor.MethodType.UNARY
					&& PROMPT.contains(String.valueOf(method.getServiceName()));
		}

	}

	private Ears ears(MemberSilence member) {
		return new Ears(member, new Ear(member, true), new Ear(member, false));
	}

	/** What listens to the calls of one member: to prompt ones, and to others. */
	private record Ears(MemberSilence member, ClientStreamTracer.Factory prompt, ClientStreamTracer.Factory patient) {

	}

	/** Makes what listens to one call. */
	private final class Ear extends ClientStreamTracer.Factory {

		private final MemberSilence member;

		private final boolean prompt;

		Ear(MemberSilence member, boolean prompt) {
			this.member = member;
			this.prompt = prompt;
		}

		@Override
		public ClientStreamTracer newClientStreamTracer(ClientStreamTracer.StreamInfo info, Metadata headers) {
			return new Tracer(this.member, this.prompt);
		}

	}

	/** Listens to one call. */
	private final class Tracer extends ClientStreamTracer {

		private final MemberSilence member;

		private final boolean prompt;

		private volatile boolean sent;

		private volatile boolean answered;

		Tracer(MemberSilence member, boolean prompt) {
			this.member = member;
			this.prompt = prompt;
		}

		@Override
		public void streamCreated(Attributes transport, Metadata headers) {
			if (this.prompt) {
				this.sent = true;
				this.member.sent(now());
			}
		}

		@Override
		public void inboundHeaders() {
			heard();
		}

		@Override
		public void inboundMessage(int number) {
			heard();
		}

		@Override
		public void inboundTrailers(Metadata trailers) {
			heard();
		}

		private void heard() {
			this.answered = true;
			this.member.heard(now());
		}

		@Override
		public void streamClosed(Status status) {
			if (this.sent) {
				this.member.ended(now(), this.answered);
			}
		}

		private long now() {
			return AnsweringFirstBalancer.this.ticker.nanoTime();
		}

	}

}
