import{$ as q,A as le,Aa as Ce,C as _,D as ce,Db as D,E as me,Eb as W,G as ue,H as V,Jb as P,Ka as K,Kb as Ge,La as xe,Lb as L,Ma as Ae,Mb as B,Na as Fe,Nb as Je,O as h,Oa as Pe,P as $e,Pa as Le,Qa as Be,Qb as Ke,R as fe,Ra as Re,S as de,Sa as Me,Ta as qe,V as pe,W as he,Wa as Ie,Xa as Ee,Ya as _e,Z as ge,Za as Oe,_ as Y,aa as v,ab as p,b as oe,ba as ve,bb as Ue,c as d,ca as ye,d as b,da as k,e as ne,ea as F,f as E,fb as Q,ga as G,gb as Ne,ha as A,hb as X,i as H,j as r,ja as be,jb as U,k as l,ka as ke,kb as I,l as j,la as Se,lb as Z,m as R,ob as De,pb as We,q as ie,qb as He,rb as je,s as u,t as w,tb as ee,ub as ze,v as ae,va as J,vb as Ve,w as M,wa as we,wb as N,x as se,xa as O,xb as Ye,y as z,ya as Te}from"./chunk-BVRSNNWE.js";function Qe(e){let t=H(null),o=H(!1),n=null,i=()=>{o.value=!1,n??=e().then(c=>{t.value=c},()=>{n=null,o.value=!0})};return{Later:({name:c,...s})=>t.value?r`<${t.value[c]} ...${s} />`:o.value?r`
				<div class="page narrow">
					<${u}>This page could not be loaded. <${l} kind="link" onClick=${()=>location.reload()}>Reload</${l}></${u}>
				</div>`:(queueMicrotask(i),r`<div class="page"><${w} label="Loading" /></div>`),preload:i}}var Xe=()=>r`
	<div class="page">
		<section class="empty" role="alert">
			<h1>This page cannot be displayed</h1>
			<p>Reload it. If this keeps happening, contact the operator.</p>
			<${l} kind="quiet" onClick=${()=>location.reload()}>Reload page</${l}>
		</section>
	</div>`;var Ze=()=>r`
	<div class="foot">
		<div role="status">${z.value&&r`<p class="toast">${z.value}</p>`}</div>
		<div role="status">${M.lostAt.value>0&&r`
			<p class="server-lost"><span class="dots" aria-hidden="true"><i /><i /><i /></span>${yt(M.lostAt.value)}</p>`}</div>
	</div>`,yt=e=>`Can\u2019t reach the server. Reconnecting\u2026 What you see is from ${_(new Date(e).toISOString())}.`;function et({notice:e}){let[t,o]=d(A.value.page==="sign-up"),[n,i]=d(!1),[a,c]=d([]);b(()=>{xe().then(()=>i(!0)),ae.collection("users").listAuthMethods().then(S=>c(S.oauth2.enabled?S.oauth2.providers:[]),()=>{})},[]);let s=p(_e),m=ke.value!==null;b(()=>{m&&s.run()},[]);let $=Le.value,f=E(!1);b(()=>{f.current&&!$&&document.getElementById("email")?.focus(),f.current=$!==null},[$]);let g=t?"Create account":"Sign in";return $&&(g="Enter your code"),b(()=>{document.title=`${g} \xB7 Fathom-to-Loom`},[g]),r`
		<main class="auth">
			<section class="pitch">
				<p class="brand"><${R} /><span>Fathom-to-Loom</span></p>
				<h1>Move your Fathom meetings to Loom.</h1>
				<p class="lead">Copy each video, and keep its summary, action items and transcript in your own database.</p>
			</section>
			<section class="card form-card">
				<h2>${g}</h2>
				${e&&!$&&r`<${u} kind="note">${e}</${u}>`}
				${$&&r`<${bt} key=${$.mfaId} />`}
				${s.busy&&r`<${w} label="Signing in" />`}
				${s.error&&!$&&r`<${u}>${q(s.error)}</${u}>`}
				${!$&&!s.busy&&r`
					<${St} key=${String(t)} isNew=${t} />
					${a.length>0&&r`<${At} providers=${a} />`}
					${n?r`<${kt} isNew=${t} onClick=${()=>o(!t)} />`:r`<p class="switch" aria-hidden="true">${"\xA0"}</p>`}`}
			</section>
		</main>`}function bt(){return r`
		<${Ne} id="code" send=${Re} submit=${Me} label="Sign in" onCancel=${qe} cancelLabel="Back to sign-in" />
		<p class="muted">You can’t read mail at this address any more? Ask <${X} />.</p>`}function kt({isNew:e,onClick:t}){let{signUp:o}=K.value;return o==="closed"?r`<p class="switch">New here? Ask <${X} /> for an account.</p>`:r`
		<p class="switch">
			${e?"Already have an account?":o==="invite"?"Accounts are by invitation. Were you invited?":"New here?"}${" "}
			<${l} kind="link" onClick=${t}>${e?"Sign in":"Create account"}</${l}>
		</p>`}function St({isNew:e}){let{run:t,busy:o,error:n,clear:i}=p(e?Ie:Be),[a,c]=d(""),s=g=>{g.preventDefault();let S=new FormData(g.currentTarget),x=String(S.get("email")).trim();c(x),t(x,String(S.get("password")))};if(Tt(n))return r`<${Ct} isNew=${e} email=${a} onBack=${i} />`;let m=wt(n)?"An account with this e-mail already exists. Sign in instead.":Y(n,"email"),$=Y(n,"password"),f=n&&!m&&!$;return r`
		<form onSubmit=${s}>
			<${Q} id="email" label="E-mail" type="email" required autocomplete="username" error=${m}
				hint=${e&&K.value.signUp==="invite"?"The address that was invited.":""} />
			<${Q} id="password" label="Password" type="password" required minlength=${e?8:void 0}
				autocomplete=${e?"new-password":"current-password"} error=${$}
				hint=${e?"At least 8 characters.":""} />
			${f&&r`<${u}>${!e&&ge(n)===400?"Wrong e-mail or password.":v(n)}</${u}>`}
			<${l} type="submit" busy=${o}>${xt(e,o)}</${l}>
		</form>
		${!e&&r`<p class="switch"><a href=${k("/forgot-password")}>Forgot your password?</a></p>`}`}var wt=e=>e?.response?.data?.email?.code==="validation_not_unique",Tt=e=>e?.response?.data?.email?.code==="validation_not_verified";function Ct({isNew:e,email:t,onBack:o}){return r`
		<div>
			<${u} kind="note">
				${e&&"Your account was created. "}To confirm your address, open the link in the message that was sent to ${t}. Then sign in.
			</${u}>
			<${Ue} email=${t} label="Send the message again" />
			${!e&&r`<p><${l} kind="link" onClick=${o}>Back to the form</${l}></p>`}
		</div>`}function xt(e,t){return e?t?"Creating account\u2026":"Create account":t?"Signing in\u2026":"Sign in"}function At({providers:e}){let[t,o]=d(""),{run:n,busy:i,error:a}=p(Ee),c=s=>{o(s),n(s)};return r`
		<div class="oauth">
			<p class="or"><span>or</span></p>
			${e.map(({name:s,displayName:m})=>{let $=i&&t===s,f=m||s;return r`
					<${l} key=${s} kind="quiet" busy=${$} disabled=${i} onClick=${()=>c(s)}>
						${$?`Waiting for ${f}\u2026`:`Continue with ${f}`}
					</${l}>`})}
			${a&&r`<${u}>${q(a)}</${u}>`}
		</div>`}function tt({selection:e,meeting:{id:t,title:o}}){let n=({currentTarget:i,shiftKey:a})=>e.set(t,i.checked,a);return r`
		<label class="row-check">
			<input type="checkbox" checked=${e.has(t)} aria-label=${`Select: ${o||"Untitled meeting"}`} onClick=${n} />
		</label>`}function rt({workspace:e,meeting:t}){let o=[`${le(t.recorded_at)}, ${_(t.recorded_at)}`,ue(t.duration),t.recorded_by?.name].filter(Boolean);return r`
		<li class="row selectable">
			<${tt} selection=${e.selection} meeting=${t} />
			<div class="row-lead">
				<${Ve} posters=${e.posters} meeting=${t} />
				<div class="row-main">
					<a class="row-title" dir="auto" href=${F(t.id)}>${t.title||"Untitled meeting"}</a>
					<p class="muted">${o.join(" \xB7 ")}${t.withdrawn_at&&r` <${ee} tone="plain">No longer at Fathom</${ee}>`}</p>
				</div>
			</div>
			<div class="row-side"><${Ft} workspace=${e} meeting=${t} /></div>
		</li>`}function Ft({workspace:e,meeting:t}){let o=e.transferOf(t.recording_id),n=o&&e.jobs.records.value.get(o.job),i=e.stateOf(t.recording_id,Ce(o)?I(...O(n,e.jobs)):Date.now()),{run:a,busy:c,error:s}=p(()=>e.jobs.transfer(t.recording_id,i.phase==="failed"?Te(n):{}),"The copy starts."),m=g=>r`
		<${l} kind="quiet small" busy=${c} aria-label=${`${g}: ${t.title}`} onClick=${a}>${g}</${l}>
		${s&&r`<span class="error" role="alert">${v(s)}</span>`}`,$=fe(o?.share_url||t.loom_url),f=r`<${ze} state=${i} />`;switch(i.phase){case"done":return r`${f}${$&&r`<${Z} href=${$}>Watch on Loom</${Z}>`}`;case"upload":return r`${f}<a class="button quiet small" href=${F(t.id)}>Upload to Loom</a>`;case"waiting":return r`${f}<p class="row-reason muted">${i.detail}</p>`;case"running":return r`${f}<${De} workspace=${e} transferID=${o?.id??""} state=${i} name=${`Progress of ${t.title}`} />`;case"failed":return r`${f}${m("Retry")}`;case"none":return r`${f}${m("Transfer")}`;default:return f}}function ot({workspace:e}){let[t,o]=d(null),{run:n,busy:i,error:a}=p(async m=>{let $=String(new FormData(m).get("share-links"));o(await e.db.send("/api/share-links",{method:"POST",body:{text:$}})),m.reset()}),c=[...e.transfers.records.value.values()].filter(({status:m})=>m==="awaiting_share_url").length;if(c<2&&!t)return null;let s=m=>{m.preventDefault(),n(m.currentTarget)};return r`
		<details class="card paste-links">
			<summary>Paste several Loom links (${h(c,"meeting waits","meetings wait")} for one)</summary>
			<form onSubmit=${s}>
				<label for="share-links">Loom share links, with or without other text</label>
				<textarea id="share-links" name="share-links" rows="4" required spellcheck=${!1}></textarea>
				${a&&r`<p class="error" role="alert">${v(a)}</p>`}
				<${l} type="submit" busy=${i}>${i?"Checking links\u2026":"Find their meetings"}</${l}>
			</form>
			${t&&r`<${Pt} result=${t} />`}
		</details>`}function Pt({result:{matched:e,doubtful:t,unknown:o}}){return r`
		<div role="status">
			${e.length>0&&r`
				<${u} kind="note">
					<p>${h(e.length,"link")} saved:</p>
					<ul>${e.map(({url:n,meeting:i,title:a})=>r`<li key=${n}><a href=${F(i)}>${a}</a></li>`)}</ul>
				</${u}>`}
			${t.map(({url:n,found:i,candidates:a})=>r`
				<${u} key=${n}>
					<p>${n} (${i.title||"untitled"}${i.duration>0&&` \xB7 ${V(i.duration)}`}) may belong to one of these meetings. Paste it there:</p>
					<ul>${a.map(({meeting:c,title:s,duration:m})=>r`
						<li key=${c}><a href=${F(c)}>${s}</a> · ${V(m)}</li>`)}</ul>
				</${u}>`)}
			${o.map(({url:n,message:i})=>r`<${u} key=${n}>${n}: ${i}</${u}>`)}
		</div>`}function nt({workspace:e}){let{selection:t,meetings:o}=e,[n,i]=d(null),[a,c]=d({}),s=t.meetings,{run:m,busy:$,error:f,clear:g}=p(async C=>{i(null),i(await e.transferMany({recording_ids:s.map(y=>y.recording_id)},C?a:{deliver:C})),t.clear()}),S=({currentTarget:{checked:C}})=>{g(),t.setAll(C)},x=s.length===o.items.value.length;return r`
		<div class=${`selection${s.length?" open":""}`} role="group" aria-label="Selected meetings">
			<label>
				<input type="checkbox" checked=${x} indeterminate=${s.length>0&&!x} onChange=${S} />
				Select all shown
			</label>
			<span class="muted" aria-live="polite">${s.length>0&&`${s.length} selected`}</span>
			${s.length>0&&r`
				<div class="actions">
					${e.fathom&&r`
						<${l} kind="primary small" busy=${$} onClick=${()=>m(!0)}>Transfer ${s.length}</${l}>
						<${l} kind="quiet small" busy=${$} onClick=${()=>m(!1)}>Only keep a copy here</${l}>`}
					<${U} kind="quiet small" db=${e.db} selection=${{recording_ids:s.map(C=>C.recording_id)}} />
					<${l} kind="link" onClick=${()=>t.clear()}>Clear</${l}>
				</div>
				${e.fathom&&r`<${P} workspace=${e} id="selected" choice=${a} onChange=${c} many=${!0} />`}`}
			${f&&r`<${u}>${v(f)}</${u}>`}
			${!s.length&&r`<${L} result=${n} />`}
		</div>`}function it({workspace:e}){let{run:t,busy:o,error:n}=p(()=>e.jobs.sync({full:!0}));return r`
		<${l} kind="link" busy=${o} onClick=${t}>Check all meetings</${l}>
		${n&&r`<span class="error" role="alert">${v(n)}</span>`}`}var Lt=50;function at({workspace:{db:e},sync:t}){let[o,n]=d(null),{run:i,error:a}=p(async()=>n(await e.collection("unreadable_meetings").getList(1,Lt,{sort:"-created"})));return b(()=>{i()},[t.id,t.finished_at]),a?r`<p class="error" role="alert">${v(a)} <${l} kind="link" onClick=${i}>Try again</${l}></p>`:o?.totalItems?r`
		<details class="unreadable">
			<summary>${h(o.totalItems,"meeting")} at Fathom could not be read</summary>
			<p>Nothing is lost: a later version of this server tries them again. So does a check of all meetings, if Fathom changes them.</p>
			<ul class="notices">
				${o.items.map(({id:c,recording_id:s,reason:m})=>r`
					<li key=${c}><strong>${s?`Recording ${s}`:"A meeting without an id"}</strong> <span class="muted">${m}</span></li>`)}
			</ul>
			${o.totalItems>o.items.length&&r`<p class="muted">The latest ${o.items.length} are shown.</p>`}
		</details>`:null}function st({workspace:e}){let t=e.jobs.lastSync;return r`
		<div class="sync-status">
			<div aria-live="polite">
				${t?.status==="dead"?r`<p class="error">Last sync failed: ${t.error}</p>`:r`<p class="muted">${Bt(e.jobs,t)}</p>`}
			</div>
			${t&&J(t)&&r`<${We} kind="link" jobs=${e.jobs} job=${t} title="Sync meetings" />`}
			${t&&!J(t)&&e.fathom&&r`<${it} workspace=${e} />`}
			${t&&r`<${at} workspace=${e} sync=${t} />`}
		</div>`}function Bt(e,t){switch(t?.status){case"pending":case"failed":{let o=we(t,e,I(...O(t,e)));return t.stage?`Syncing with Fathom: ${t.stage}. ${o}`:`The sync waits. ${o}`}case"processing":return`Syncing with Fathom: ${t.stage||"starting"}`;case"completed":return`Synced ${me(t.finished_at,I(t.finished_at))} \xB7 ${Rt(t.result)}`;case"cancelled":return"Last sync cancelled.";default:return""}}function Rt(e){return[e?.added?h(e.added,"new meeting"):"",e?.updated?`${e.updated} updated`:"",e?.withdrawn?`${e.withdrawn} no longer at Fathom`:""].filter(Boolean).join(", ")||"no changes"}var lt=2e3;function ct({workspace:e}){let[t,o]=d(null),[n,i]=d({}),a=e.untransferred.value,c=async()=>{let m=await e.transferMany({recording_ids:a.slice(0,lt)},n);o({...m,left:m.left+Math.max(0,a.length-lt)})},s=h(a.length,"meeting");return r`
		${a.length>0&&r`
			<${B} kind="primary" label=${`Transfer ${h(a.length,"to Loom","to Loom")}`} confirmLabel=${`Transfer ${s}`}
				question=${`Transfer ${s}? ${W(D(e.delivery,n))}`} action=${c}>
				<${P} workspace=${e} id="all" choice=${n} onChange=${i} many=${!0} />
			</${B}>`}
		<${L} result=${t} />`}function ut({workspace:e}){let[t,o]=d(null),[n,i]=d(null),[a,c]=d({}),{meetings:s}=e,m={filter:s.filter},{run:$,error:f}=p(async y=>{i(await e.transferMany(m,{...y,dryRun:!0}))}),g=s.total.value;if(!g||s.loading.value)return null;let S=async()=>{let y=await e.transferMany(m,{...a,dryRun:!0});if(!y.created)throw new Error(mt(y,""));i(y)},x=y=>{c(y),y.byHand!==a.byHand&&$(y)},C=async()=>o(await e.transferMany(m,a));return r`
		<${B} kind="primary" label=${`Transfer ${h(g,"matching meeting")}`} confirmLabel="Transfer" prepare=${S}
			question=${n?mt(n,W(D(e.delivery,a))):""} action=${C}>
			<${P} workspace=${e} id="matching" choice=${a} onChange=${x} many=${!0} />
			${f&&r`<${u}>${v(f)}</${u}>`}
		</${B}>
		<${L} result=${t} />`}function mt({created:e,active:t,skipped:o,waiting:n},i){let a=Ge({active:t,skipped:o,waiting:n});return e?`Transfer ${h(e,"meeting")}? ${i} ${a}`:`There is nothing to transfer. ${a}`}var te="first-run";function $t({user:e,transfers:t,fathom:o},n){let i=E(void 0),a=sessionStorage.getItem(te)===e.id;n?i.current=!0:!a&&!i.current?i.current=!1:i.current===void 0&&t.loaded.value&&(i.current=!t.records.value.size);let c=i.current?n||!!o:i.current??void 0;return b(()=>{n?sessionStorage.setItem(te,e.id):a&&i.current===!1&&sessionStorage.removeItem(te)},[n,a,i.current]),c}function dt({workspace:e}){let{meetings:t}=e;ne(()=>{let $=t.scroll;requestAnimationFrame(()=>scrollTo(0,$));let f=()=>{t.scroll=scrollY};return addEventListener("scroll",f,{passive:!0}),()=>removeEventListener("scroll",f)},[]);let o=t.loaded.value&&e.connections.loaded.value,n=t.error.value||e.connections.error.value,i=o&&!t.total.value&&!t.items.value.length&&!t.query.value,a=$t(e,i),c=o&&a!==void 0,s=e.fathom?.status==="invalid",m=!s&&r`<${st} workspace=${e} />`;return r`
		<div class="page">
			<div class="page-head">
				<div>
					<${N} title="Meetings" />
					${c&&!a&&m}
				</div>
				${c&&!a&&e.fathom&&r`<${ft} workspace=${e} />`}
			</div>
			${s&&!(a&&i)&&r`
				<${u}>${e.fathom?.reason||"Fathom does not accept your API key."} <a href=${G("fathom")}>Replace the key</a></${u}>`}
			${c&&!i&&!e.fathom&&r`
				<${u} kind="note">No Fathom API key is saved, so new meetings are not synced. <a href=${G("fathom")}>Connect Fathom</a></${u}>`}
			${n&&r`<${u}>${n} <${l} kind="link" onClick=${()=>Mt(e)}>Try again</${l}></${u}>`}
			${!c&&!n&&r`<${w} label="Loading meetings" />`}
			${c&&a&&r`<${je} workspace=${e} />`}
			${c&&a&&!i&&r`<div class="first-tools"><div>${m}</div><${ft} workspace=${e} /></div>`}
			${c&&!i&&r`<${Je} workspace=${e} id="waiting" /><${ot} workspace=${e} /><${Ye} /><${qt} workspace=${e} /><${It} workspace=${e} />`}
		</div>`}function Mt(e){e.meetings.refresh(),e.connections.reload(),e.transfers.reload()}function ft({workspace:e}){let{meetings:t}=e;return r`
		<div class="actions list-actions">
			<${He} workspace=${e} />
			${t.total.value>0&&r`
				<${U} db=${e.db} selection=${{filter:t.filter}}
					label=${t.query.value.trim()?"Download matching as files":"Download all as files"} />`}
			${t.query.value.trim()?r`<${ut} key=${t.query.value} workspace=${e} />`:r`<${ct} workspace=${e} />`}
		</div>`}function qt({workspace:{meetings:e}}){return r`
		<div class="filter" role="search">
			<label class="hidden" for="title-filter">Filter meetings by title</label>
			<${ie} />
			<input id="title-filter" type="search" placeholder="Filter by title" autocomplete="off" value=${e.query.value}
				onInput=${t=>e.search(t.currentTarget.value)} />
		</div>`}function It({workspace:e}){let{meetings:t}=e,{run:o,busy:n,error:i}=p(()=>t.loadMore()),a=t.items.value;return a.length?r`
		<${nt} workspace=${e} />
		${Et(a).map(({month:c,items:s})=>r`
			<section class="month" key=${c}>
				<h2>${c}</h2>
				<ul class="rows">
					${s.map(m=>r`<${rt} key=${m.id} workspace=${e} meeting=${m} />`)}
				</ul>
			</section>`)}
		<p class="more" aria-live="polite">
			${t.hasMore.value&&r`<${l} kind="quiet" busy=${n} onClick=${o}>${n?"Loading\u2026":"Show more"}</${l}>`}
			<span class="muted">${t.hasMore.value?`${a.length} of ${h(t.total.value,"meeting")}`:h(t.total.value,"meeting")}</span>
			${i&&r`<span class="error">${q(i)}</span>`}
		</p>`:t.loading.value?r`<${w} label="Searching" />`:r`
			<section class="empty">
				<h2>No matches</h2>
				<p>No meeting has “${t.query.value.trim()}” in its title.</p>
				<${l} kind="quiet" onClick=${()=>t.search("")}>Show all meetings</${l}>
			</section>`}function Et(e){let t=[];for(let o of e){let n=ce(o.recorded_at);t.at(-1)?.month!==n&&t.push({month:n,items:[]}),t.at(-1)?.items.push(o)}return t}var pt=()=>r`
	<div class="page narrow">
		<${N} title="Page not found" />
		<p>There is no page at this address. It may have been moved, or the link is incomplete.</p>
		<p><a class="button primary" href=${k("/")}>Go to your meetings</a></p>
	</div>`;var{Later:T,preload:_t}=Qe(()=>import("./more_pages-LKZ6VZ6L.js"));function ht(){let e=Ae.value,{page:t}=A.value;if(ve(A.value))return r`<${T} key=${location.hash} name=${Ot[t]} token=${location.hash.slice(1)} />`;if(t==="forgot-password")return r`<${T} name="ForgotPasswordPage" />`;switch(e.phase){case"starting":return r`<main class="splash"><${w} label="Loading your meetings" /></main>`;case"offline":return r`
				<main class="splash">
					<${R} />
					<p role="alert">${e.notice}</p>
					<${l} onClick=${Pe}>Try again</${l}>
				</main>`;case"signed-out":return r`<${et} notice=${e.notice||Ut()} />`;default:return r`<${Nt} key=${e.workspace.user.id} workspace=${e.workspace} />`}}var Ot={"reset-password":"ResetPasswordPage","verify-email":"VerifyEmailPage","confirm-email":"ConfirmEmailPage"};function Ut(){return A.value.page==="authorize"?"An assistant asks for access to your meetings. Sign in to decide.":de.value?"Sign in to finish connecting Atlassian.":""}function Nt({workspace:e}){let t=A.value;b(()=>{let n=setTimeout(_t,1e3);return()=>clearTimeout(n)},[]);let o=(...n)=>n.includes(t.page)?"page":void 0;return r`
		<a class="skip" href=${`${location.pathname}${location.search}#content`} onClick=${Wt}>Skip to content</a>
		<header class="top">
			<a class="brand" href=${k("/")} aria-label="Fathom-to-Loom: meetings"><${R} /><span>Fathom-to-Loom</span></a>
			<nav aria-label="Main">
				<a href=${k("/")} aria-current=${o("meetings","meeting","search")}>Meetings</a>
				<a href=${k("/activity")} aria-current=${o("activity")}>Activity</a>
				<a href=${k("/settings")} aria-current=${o("settings","atlassian-callback")}>Settings</a>
				<a href=${k("/help")} aria-current=${o("help")}>Help</a>
			</nav>
			<div class="user">
				<span class="email" title=${e.user.email}>${e.user.email}</span>
				<button type="button" class="link" onClick=${Oe}>Sign out</button>
			</div>
		</header>
		<main id="content" tabindex="-1" class=${M.lostAt.value>0?"stale":""}>
			<${j} key=${ye(t)} fallback=${r`<${Xe} />`}>
				<${Dt} workspace=${e} route=${t} />
			</${j}>
		</main>
		<${Ze} />`}function Dt({workspace:e,route:t}){switch(t.page){case"activity":return r`<${T} name="ActivityPage" workspace=${e} />`;case"settings":return r`<${T} name="SettingsPage" workspace=${e} section=${t.section} />`;case"help":return r`<${T} name="HelpPage" />`;case"atlassian-callback":return r`<${T} name="AtlassianCallbackPage" workspace=${e} />`;case"authorize":return r`<${T} name="AuthorizePage" query=${t.query} />`;case"meeting":return r`<${T} name="MeetingPage" workspace=${e} id=${t.id} at=${t.at} />`;case"search":return r`<${T} name="SearchPage" workspace=${e} query=${t.query} />`;case"not-found":return r`<${pt} />`;default:return r`<${dt} workspace=${e} />`}}function Wt(e){e.preventDefault(),document.getElementById("content")?.focus()}function vt(e){let t=[];e.addEventListener("focusin",o=>{t=Ht(o.target,e)}),document.addEventListener("pointerdown",o=>{t.length&&!t[0].contains(o.target)&&(t=[])},{capture:!0}),new MutationObserver(()=>{if(!t.length||t[0].isConnected||document.activeElement&&document.activeElement!==document.body)return;let o=jt(t,e);t=[],o&&(o.tabIndex<0&&(o.tabIndex=-1),o.focus({preventScroll:!0}),o.scrollIntoView({block:"nearest"}))}).observe(e,{childList:!0,subtree:!0})}function Ht(e,t){let o=[];for(let n=e;n&&n!==t;n=n.parentElement)o.push(n);return o}var gt="h1, h2, h3, .row-title";function jt(e,t){for(let{dataset:o,isConnected:n}of e){let i=!n&&o.keep&&t.querySelector(`[data-keep="${CSS.escape(o.keep)}"]`);if(i)return i.querySelector(gt)}for(let o=e.find(({isConnected:n})=>n)??t;o;o=o===t?null:o.parentElement??t){let n=o.querySelector(gt);if(n)return n}return null}Ke();he();Se();addEventListener("pageshow",pe);se($e());be();Fe();var re=document.getElementById("app");re&&(vt(re),oe(r`<${ht} />`,re));
