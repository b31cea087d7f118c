/**
 * The key under which the id of the person stands whose rooms are kept in this browser. Without it they are not shown:
 * it can be taken away at once, while the rooms themselves can only be deleted a moment later.
 */
export const KEPT_FOR = 'kept-for';
