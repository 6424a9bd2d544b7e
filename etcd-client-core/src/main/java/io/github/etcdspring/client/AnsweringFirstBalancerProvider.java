/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.Objects;

import io.github.etcdspring.Ticker;
import io.grpc.LoadBalancer;
import io.grpc.LoadBalancerProvider;
import io.grpc.LoadBalancerRegistry;
import io.grpc.NameResolver;

/**
 * Lets a channel be balanced by an {@link AnsweringFirstBalancer}.
 */
final class AnsweringFirstBalancerProvider extends LoadBalancerProvider {

	static final String POLICY = "etcd_answering_first";

	/** The clock that a channel's balancer reads. */
	static final NameResolver.Args.Key<Ticker> TICKER = NameResolver.Args.Key.create("etcd-ticker");

	@Override
	public boolean isAvailable() {
		return true;
	}

	@Override
	public int getPriority() {
		return 5;
	}

	@Override
	public String getPolicyName() {
		return POLICY;
	}

	@Override
	public LoadBalancer newLoadBalancer(LoadBalancer.Helper helper) {
		LoadBalancerProvider roundRobin = Objects
			.requireNonNull(LoadBalancerRegistry.getDefaultRegistry().getProvider("round_robin"), "round_robin");
		Ticker ticker = Objects.requireNonNull(helper.getNameResolverArgs().getArg(TICKER), "ticker");
		return new AnsweringFirstBalancer(helper, roundRobin, ticker);
	}

}
