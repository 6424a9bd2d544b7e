/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

/**
 * The life of a watch on its stream.
 */
enum WatcherState {

	/** To be created when its turn comes. */
	WAITING,

	/** The server has been asked. */
	CREATING,

	/** The server watches. */
	ACTIVE,

	/** Cancelled on the server until the listener's buffer is empty. */
	PAUSED,

	/** Events are lost; the range is being read anew, once or again. */
	RELISTING,

	/** Over. */
	ENDED;

	/** Whether a watch may go from this state to another. */
	boolean mayBecome(WatcherState next) {
		return switch (this) {
			case WAITING -> next == CREATING || next == ENDED;
			case CREATING -> next == ACTIVE || next == WAITING || next == RELISTING || next == ENDED;
			case ACTIVE -> next == PAUSED || next == WAITING || next == RELISTING || next == ENDED;
			case PAUSED -> next == WAITING || next == ENDED;
			case RELISTING -> next == RELISTING || next == PAUSED || next == WAITING || next == ENDED;
			case ENDED -> false;
		};
	}

}
