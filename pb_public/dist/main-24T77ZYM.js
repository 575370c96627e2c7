import{A as Oe,Ab as ut,B as Ie,Bb as ft,Bc as Et,C as N,Ca as Ve,Cb as pt,D as E,Da as Qe,Db as dt,E as D,Eb as $t,F as _e,Fc as z,G as ye,Ga as Xe,Gc as Rt,H as J,Ha as Ze,Hb as ht,Hc as W,Ia as et,Ib as gt,Ja as tt,Jb as yt,Ka as ot,Kb as vt,Kc as Mt,La as ae,Ma as le,Na as O,Nb as x,Oa as X,Ob as bt,P as Ne,T as oe,Tb as Se,Ub as kt,Vb as xe,W as re,Wb as ue,X as De,Y as He,Ya as rt,Yb as ee,Za as ce,Zb as Te,_ as ne,_a as nt,ab as it,b as Fe,bc as wt,c as $,ca as H,cc as St,d as v,e as _,ec as xt,f as C,fa as ie,fc as Tt,g as Ee,ga as S,ha as se,ia as g,j as he,ja as R,kb as st,l as Re,lb as at,m as o,ma as Ue,mb as be,mc as j,n as d,na as V,nb as Z,nc as M,o as ge,oa as Ke,ob as ke,oc as fe,pa as je,qa as ze,qc as Ce,ra as We,rc as Ct,sa as Ge,sb as we,sc as Lt,t as te,ta as ve,tb as lt,tc as pe,u as Me,ua as Q,uc as At,v as Pe,va as L,w as qe,wc as Bt,x as w,xb as me,xc as I,y as Y,ya as Ye,yb as ct,za as Je,zb as mt,zc as Ft}from"./chunk-4KF5APY6.js";function Pt({workspace:e,current:t}){if(e.connections.loaded.value&&!e.uploadsByHand&&!t)return null;let r=e.yourTurn.length;return o`
		<a href=${w("/upload")} aria-current=${t}>To upload${r>0&&o`${" "}<span class="count">${r}<span class="hidden"> waiting</span></span>`}</a>`}var qt=[{keys:["j","k"],does:"Next or previous meeting"},{keys:["\u2193","\u2191"],does:"The same, from a meeting"},{keys:["x"],does:"Select the meeting"},{keys:["Enter"],does:"Open the meeting"},{keys:["/"],does:"Filter by title"},{keys:["Ctrl K","\u2318 K"],does:"Go to a page or a meeting"},{keys:["?"],does:"Show these keys"}];function de({target:e}){let t=e;return t?.closest?.("dialog, textarea, select, [contenteditable]")?!0:t instanceof HTMLInputElement&&t.type!=="checkbox"}var vo={fathom:"Fathom",loom:"Loom",automation:"Automation",notifications:"Notifications",storage:"Storage",security:"Security",tokens:"API tokens",data:"Your data",appearance:"Appearance"};function Ot({jobs:e,fathom:t},r){let n=r.toLowerCase().split(/\s+/).filter(Boolean),i=[{name:"Meetings",address:w("/")},...se.flatMap(({state:l,label:a})=>l?[{name:`Meetings: ${a}`,address:w(`/?state=${l}`)}]:[]),{name:"Activity",address:w("/activity")},...Me.map(l=>({name:`Settings: ${vo[l]}`,address:N(l)})),{name:"Help",address:w("/help")},...t?[{name:"Sync now",run:()=>{e.sync().catch(()=>{})}}]:[]].filter(({name:l})=>n.every(a=>l.toLowerCase().includes(a)));return n.length?[...i,{name:`Search for \u201C${r.trim()}\u201D in everything`,address:Oe(r.trim())}]:i}function G({label:e,onClose:t,children:r}){let n=C(null);return v(()=>{let{current:i}=n;return i?.showModal(),()=>i?.close()},[]),o`
		<dialog class="sheet" ref=${n} aria-label=${e} onClose=${t} onClick=${i=>i.target===n.current&&t()}>
			<div class="sheet-body">${r}</div>
		</dialog>`}var bo=150,ko=8;function It({workspace:e,onClose:t}){let[r,n]=$(""),[s,i]=$([]),[l,a]=$(0);v(()=>{let p=r.trim();if(!p){i([]);return}let y=!0,A=setTimeout(async()=>{try{let{items:F}=await e.db.send("/api/library",{method:"GET",query:{title:p,limit:ko,counts:!1}});y&&i(F.map(({id:k,title:P,recorded_at:U})=>({name:P||"Untitled meeting",hint:oe(U),address:Y(k)})))}catch{y&&i([])}},bo);return()=>{y=!1,clearTimeout(A)}},[r]);let m=[...Ot(e,r),...s],c=Math.min(l,m.length-1),u=p=>{p&&(t(),p.address&&D(p.address),p.run?.())},f=p=>{let y={ArrowDown:1,ArrowUp:-1};if(p.key==="Enter")u(m[c]);else if(y[p.key]&&m.length)a((c+y[p.key]+m.length)%m.length);else return;p.preventDefault()};return o`
		<${G} label="Go to" onClose=${t}>
			<input type="text" role="combobox" autofocus placeholder="Go to a page or a meeting" aria-label="Go to a page or a meeting" autocomplete="off" maxlength="200"
				aria-expanded="true" aria-controls="palette-list" aria-activedescendant=${m.length?`command-${c}`:void 0} value=${r} onKeyDown=${f}
				onInput=${p=>{n(p.currentTarget.value),a(0)}} />
			<ul id="palette-list" class="palette" role="listbox" aria-label="Pages and meetings">
				${m.map((p,y)=>o`
					<li key=${p.address??p.name} id=${`command-${y}`} role="option" aria-selected=${y===c?"true":"false"} onClick=${()=>u(p)}>
						<span dir="auto">${p.name}</span>${p.hint&&o`<span class="muted">${p.hint}</span>`}
					</li>`)}
			</ul>
			<p class="hidden" role="status">${m.length?"":"Nothing found"}</p>
			${!m.length&&o`<p class="muted">Nothing found.</p>`}
		</${G}>`}function _t({onClose:e}){return o`
		<${G} label="Keyboard shortcuts" onClose=${e}>
			<h2>Keyboard shortcuts</h2>
			<dl class="shortcuts">
				${qt.map(({keys:t,does:r})=>o`<dt key=${r}>${t.map(n=>o`<kbd key=${n}>${n}</kbd> `)}</dt><dd>${r}</dd>`)}
			</dl>
			<${d} kind="quiet" onClick=${e}>Close</${d}>
		</${G}>`}function Nt({workspace:e}){let[t,r]=$("");v(()=>{let s=i=>{if(i.defaultPrevented||i.altKey||document.querySelector("dialog[open]"))return;let l=i.ctrlKey||i.metaKey;if(l&&i.key.toLowerCase()==="k")r("palette");else{if(l||de(i))return;if(i.key==="?")r("shortcuts");else if(i.key==="/")wo();else return}i.preventDefault()};return addEventListener("keydown",s),()=>removeEventListener("keydown",s)},[]);let n=s=>r(i=>i===s?"":i);return t==="palette"?o`<${It} workspace=${e} onClose=${()=>n("palette")} />`:t==="shortcuts"?o`<${_t} onClose=${()=>n("shortcuts")} />`:null}function wo(){E.value.page!=="meetings"&&D(w("/")),requestAnimationFrame(()=>document.getElementById("title-filter")?.focus())}function Dt(e){let t=he(null),r=he(!1),n=null,s=()=>{r.value=!1,n??=e().then(l=>{t.value=l},()=>{n=null,r.value=!0})};return{Later:({name:l,...a})=>t.value?o`<${t.value[l]} ...${a} />`:r.value?o`
				<div class="page narrow">
					<${g}>This page could not be loaded. <${d} kind="link" onClick=${()=>location.reload()}>Reload</${d}></${g}>
				</div>`:(queueMicrotask(s),o`<div class="page"><${R} label="Loading" /></div>`),preload:s}}var Ht=()=>o`
	<div class="page">
		<section class="empty" role="alert">
			<h1>This page cannot be displayed</h1>
			<p>Reload it. If this keeps happening, contact the operator.</p>
			<${d} kind="quiet" onClick=${()=>location.reload()}>Reload page</${d}>
		</section>
	</div>`;var Ut=()=>o`
	<div class="foot">
		<div role="status"><${So} /></div>
		<div role="status">${V.lostAt.value>0&&o`
			<p class="server-lost"><span class="dots" aria-hidden="true"><i /><i /><i /></span>${xo(V.lostAt.value)}</p>`}</div>
	</div>`;function So(){let e=je.value;if(!e)return null;let t=()=>We().catch(r=>ze(Q(r)));return o`<p class="toast">${e.text}${e.undo&&o` <${d} kind="link" onClick=${t}>Undo</${d}>`}</p>`}var xo=e=>`Can\u2019t reach the server. Reconnecting\u2026 What you see is from ${re(new Date(e).toISOString())}.`;function Kt({notice:e}){let[t,r]=$(E.value.page==="sign-up"),[n,s]=$(!1),[i,l]=$([]);v(()=>{lt().then(()=>s(!0)),Ue.collection("users").listAuthMethods().then(p=>l(p.oauth2.enabled?p.oauth2.providers:[]),()=>{})},[]);let a=x(yt),m=Xe.value!==null;v(()=>{m&&a.run()},[]);let c=ut.value,u=C(!1);v(()=>{u.current&&!c&&document.getElementById("email")?.focus(),u.current=c!==null},[c]);let f=t?"Create account":"Sign in";return c&&(f="Enter your code"),v(()=>{ue.value=f},[f]),o`
		<main class="auth">
			<section class="pitch">
				<p class="brand"><${J} /><span>Fathom-to-Loom</span></p>
				<h1>Move your Fathom meetings to Loom.</h1>
				<p class="lead">Copy each video, and keep its summary, action items and transcript in your own database.</p>
			</section>
			<section class="card form-card">
				<h2>${f}</h2>
				${e&&!c&&o`<${g} kind="note">${e}</${g}>`}
				${c&&o`<${To} key=${c.mfaId} />`}
				${a.busy&&o`<${R} label="Signing in" />`}
				${a.error&&!c&&o`<${g}>${Q(a.error)}</${g}>`}
				${!c&&!a.busy&&o`
					<${Lo} key=${String(t)} isNew=${t} />
					${i.length>0&&o`<${Ro} providers=${i} />`}
					${n?o`<${Co} isNew=${t} onClick=${()=>r(!t)} />`:o`<p class="switch" aria-hidden="true">${"\xA0"}</p>`}`}
			</section>
		</main>`}function To(){return o`
		<${kt} id="code" send=${pt} submit=${dt} label="Sign in" onCancel=${$t} cancelLabel="Back to sign-in" />
		<p class="muted">You can’t read mail at this address any more? Ask <${xe} />.</p>`}function Co({isNew:e,onClick:t}){let{signUp:r}=we.value;return r==="closed"?o`<p class="switch">New here? Ask <${xe} /> for an account.</p>`:o`
		<p class="switch">
			${e?"Already have an account?":r==="invite"?"Accounts are by invitation. Were you invited?":"New here?"}${" "}
			<${d} kind="link" onClick=${t}>${e?"Sign in":"Create account"}</${d}>
		</p>`}function Lo({isNew:e}){let{run:t,busy:r,error:n,clear:s}=x(e?ht:ft),[i,l]=$(""),a=f=>{f.preventDefault();let p=new FormData(f.currentTarget),y=String(p.get("email")).trim();l(y),t(y,String(p.get("password")))};if(Bo(n))return o`<${Fo} isNew=${e} email=${i} onBack=${s} />`;let m=Ao(n)?"An account with this e-mail already exists. Sign in instead.":ve(n,"email"),c=ve(n,"password"),u=n&&!m&&!c;return o`
		<form onSubmit=${a}>
			<${Se} id="email" label="E-mail" type="email" required autocomplete="username" error=${m}
				hint=${e&&we.value.signUp==="invite"?"The address that was invited.":""} />
			<${Se} id="password" label="Password" type="password" required minlength=${e?8:void 0}
				autocomplete=${e?"new-password":"current-password"} error=${c}
				hint=${e?"At least 8 characters.":""} />
			${u&&o`<${g}>${!e&&Ge(n)===400?"Wrong e-mail or password.":L(n)}</${g}>`}
			<${d} type="submit" busy=${r}>${Eo(e,r)}</${d}>
		</form>
		${!e&&o`<p class="switch"><a href=${w("/forgot-password")}>Forgot your password?</a></p>`}`}var Ao=e=>e?.response?.data?.email?.code==="validation_not_unique",Bo=e=>e?.response?.data?.email?.code==="validation_not_verified";function Fo({isNew:e,email:t,onBack:r}){return o`
		<div>
			<${g} kind="note">
				${e&&"Your account was created. "}To confirm your address, open the link in the message that was sent to ${t}. Then sign in.
			</${g}>
			<${bt} email=${t} label="Send the message again" />
			${!e&&o`<p><${d} kind="link" onClick=${r}>Back to the form</${d}></p>`}
		</div>`}function Eo(e,t){return e?t?"Creating account\u2026":"Create account":t?"Signing in\u2026":"Sign in"}function Ro({providers:e}){let[t,r]=$(""),{run:n,busy:s,error:i}=x(gt),l=a=>{r(a),n(a)};return o`
		<div class="oauth">
			<p class="or"><span>or</span></p>
			${e.map(({name:a,displayName:m})=>{let c=s&&t===a,u=m||a;return o`
					<${d} key=${a} kind="quiet" busy=${c} disabled=${s} onClick=${()=>l(a)}>
						${c?`Waiting for ${u}\u2026`:`Continue with ${u}`}
					</${d}>`})}
			${i&&o`<${g}>${Q(i)}</${g}>`}
		</div>`}function jt({workspace:e}){let[t,r]=$(null),{your_turn:n,on_loom:s,kept_here:i}=e.meetings.states.value;return v(()=>{e.db.send("/api/usage",{}).then(r,()=>{})},[n+s+i]),t?o`<a class="storage-glance muted" href=${N("storage")}>${H(t.bytes)}${t.quota>0&&` of ${H(t.quota)}`} used</a>`:null}function zt({workspace:e}){let{meetings:t}=e,{view:r}=t,{filter:n,sort:s,view:i}=r.value,{types:l}=t.overview.value,a=(f,p=!1)=>D(O({...r.value,filter:{...r.value.filter,...f}}),{replace:p}),m=f=>a({min_minutes:void 0,max_minutes:void 0,...ae(`length=${f}`).filter}),c=["from","to","person","type"].filter(f=>n[f]).length+(le(n)?1:0),u=f=>p=>f(p.currentTarget.value);return o`
		<div class="library-bar">
			<${Po} meetings=${t} />
			<div class="library-line">
				<div class="filter" role="search">
					<label class="hidden" for="title-filter">Filter meetings by title</label>
					<${Ne} />
					<input id="title-filter" type="search" placeholder="Filter by title" autocomplete="off" maxlength="200" value=${n.title??""}
						onInput=${u(f=>a({title:f},!0))} />
				</div>
				<label class="sort"><span class="hidden">Sort</span>
					<select value=${s} onChange=${u(f=>D(O({...r.value,sort:f})))}>
						${tt.map(([f,p])=>o`<option key=${f} value=${f} selected=${f===s}>${p}</option>`)}
					</select>
				</label>
			</div>
			<div class="library-foot">
				<details class="more-filters">
					<summary>${c?`Filters (${c})`:"Filters"}</summary>
					<div class="filter-fields">
						<label>From<input type="date" value=${n.from??""} onChange=${u(f=>a({from:f}))} /></label>
						<label>To<input type="date" value=${n.to??""} onChange=${u(f=>a({to:f}))} /></label>
						<label>Person<input type="search" maxlength="200" autocomplete="off" placeholder="Name or address" value=${n.person??""} onChange=${u(f=>a({person:f}))} /></label>
						${l.length>0&&o`
							<label>Type
								<select value=${n.type??""} onChange=${u(f=>a({type:f}))}>
									<option value="">Any type</option>
									${l.map(f=>o`<option key=${f} value=${f} selected=${f===n.type}>${f}</option>`)}
								</select>
							</label>`}
						<label>Length
							<select value=${le(n)} onChange=${u(m)}>
								${ot.map(([f,p])=>o`<option key=${f} value=${f} selected=${f===le(n)}>${p}</option>`)}
							</select>
						</label>
						<button type="button" class="button primary filters-done" onClick=${Mo}>Done</button>
					</div>
				</details>
				${X(n)&&o`<a href=${O({...r.value,filter:{}})}>Clear filters</a>`}
				<p class="muted" role="status">${!t.loading.value&&S(t.total,"meeting")}</p>
				<${jt} workspace=${e} />
				<a href=${O({...r.value,view:i==="grid"?"list":"grid"})}>${i==="grid"?"Show a list":"Show a grid"}</a>
			</div>
		</div>`}function Mo({currentTarget:e}){let t=e.closest("details");t.open=!1,t.querySelector("summary").focus()}function Po({meetings:e}){let{filter:t}=e.view.value,{states:r}=e.overview.value,n=Object.values(r).reduce((s,i)=>s+i,0);return o`
		<nav class="chips" aria-label="States">
			${se.map(({state:s,label:i})=>o`
				<a key=${s} class="chip" href=${O({...e.view.value,filter:{...t,state:s||void 0}})}
					aria-current=${(t.state??"")===s?"true":void 0}>${i} <span class="count">${ie(s?r[s]:n)}</span></a>`)}
		</nav>`}function Wt({root:e,total:t,columns:r,focused:n,setFocused:s,reveal:i,firstOnScreen:l,onSelect:a}){let m=C(-1);v(()=>{if(m.current<0)return;let c=e.current?.querySelector(`[data-index="${m.current}"] .row-title`);c&&(m.current=-1,c.focus({preventScroll:!0}))}),v(()=>{let c=u=>{if(u.defaultPrevented||u.ctrlKey||u.metaKey||u.altKey||de(u))return;let f=!!e.current?.contains(document.activeElement),p=qo(u.key,f,r);if(p){let y=Math.min(Math.max(n<0?l:n+p,0),t-1);u.preventDefault(),m.current=y,s(y),i(y)}else u.key==="x"&&f&&n>=0&&(u.preventDefault(),a(n))};return addEventListener("keydown",c),()=>removeEventListener("keydown",c)})}function qo(e,t,r){return e==="j"?1:e==="k"?-1:t?{ArrowDown:r,ArrowUp:-r,...r>1&&{ArrowRight:1,ArrowLeft:-1}}[e]??0:0}var Oo="(max-width: 40rem)";function Gt(e,t,r){let n=()=>{let l=Number.parseFloat(getComputedStyle(document.documentElement).fontSize)||16,a=matchMedia(Oo).matches,m=(e.current?.clientWidth||Math.min(innerWidth-32,1100))/l,c={row:(a?8.5:5.5)*l,columns:1},u={row:17.5*l,columns:Math.max(1,Math.floor(m/16))};return{...t==="grid"?u:c,heading:r?3*l:0}},[s,i]=$(n);return v(()=>{let l=()=>i(a=>{let m=n();return JSON.stringify(a)===JSON.stringify(m)?a:m});return l(),addEventListener("resize",l),()=>removeEventListener("resize",l)},[t,r]),s}function Yt({root:e,layout:t,meetings:r,first:n}){let s=C(null),i=r.view.value;_(()=>{let l=s.current,a=l?.view===i?r.indexOf(l.id):-1,m=l&&a>=0?Z(t,a)-l.top:0;m&&(e.current?.getBoundingClientRect().top??0)<0&&scrollBy({top:m,behavior:"instant"}),s.current={id:r.at(n)?.id??"",top:Z(t,n),view:i}},[t,r.pages.value,i,n])}function Jt({selection:e,meeting:t,index:r}){let n=({currentTarget:s,shiftKey:i})=>e.set(t,r,s.checked,i);return o`
		<label class="row-check">
			<input type="checkbox" checked=${e.has(t.id)} aria-label=${`Select: ${t.title||"Untitled meeting"}`} onClick=${n} />
		</label>`}function Vt({workspace:e,meeting:t,index:r,total:n,line:s,column:i,measures:{row:l,columns:a}}){let m={top:`${s*l}px`,height:`${l}px`,left:`${100*i/a}%`,width:`${100/a}%`};if(!t)return o`<li class="row selectable pending" aria-hidden="true" style=${m}><span class="thumb"></span></li>`;let c=[`${oe(t.recorded_at)}, ${re(t.recorded_at)}`,ne(t.duration),t.recorded_by?.name].filter(Boolean);return o`
		<li class="row selectable" data-index=${r} aria-setsize=${n} aria-posinset=${r+1} style=${m}>
			<${Jt} selection=${e.selection} meeting=${t} index=${r} />
			<div class="row-lead">
				<${Lt} posters=${e.posters} meeting=${t} />
				<div class="row-main">
					<a class="row-title" dir="auto" href=${Y(t.id)}>${t.title||"Untitled meeting"}</a>
					<p class="muted">${c.join(" \xB7 ")}${t.withdrawn_at&&o` <${Ce} tone="plain">No longer at Fathom</${Ce}>`}</p>
				</div>
			</div>
			<div class="row-side"><${Io} workspace=${e} meeting=${t} /></div>
		</li>`}function Io({workspace:e,meeting:t}){let r=e.transferOf(t.recording_id),n=r&&e.jobs.records.value.get(r.job),s=e.stateOf(t.recording_id,it(r)?ee(...ce(n,e.jobs)):Date.now()),{run:i,busy:l,error:a}=x(()=>e.jobs.transfer(t.recording_id,s.phase==="failed"?nt(n):{}),"The copy starts.",()=>()=>e.jobs.cancelTransfer(t.recording_id)),m=f=>o`
		<${d} kind="quiet small" busy=${l} aria-label=${`${f}: ${t.title}`} onClick=${i}>${f}</${d}>
		${a&&o`<span class="error" role="alert">${L(a)}</span>`}`,c=Ye(r?.share_url||t.loom_url),u=o`<${Ct} state=${s} />`;switch(s.phase){case"done":return o`${u}${c&&o`<${Te} href=${c}>Watch on Loom</${Te}>`}`;case"upload":return o`${u}<a class="button quiet small" href=${Y(t.id)}>Upload to Loom</a>`;case"waiting":return o`${u}<p class="row-reason muted">${s.detail}</p>`;case"running":return o`${u}<${wt} workspace=${e} transferID=${r?.id??""} state=${s} name=${`Progress of ${t.title}`} />`;case"failed":return o`${u}${m("Retry")}`;case"none":return o`${u}${m(M(e.delivery))}`;default:return u}}function Qt({sections:e,current:t,root:r}){let n=new Map;for(let i of e){let l=i.name.slice(0,4);l&&!n.has(l)&&n.set(l,i)}if(n.size<2)return null;let s=i=>scrollBy({top:(r.current?.getBoundingClientRect().top??0)+i});return o`
		<nav class="years" aria-label="Years">
			${[...n].map(([i,{top:l}])=>o`
				<button type="button" key=${i} aria-current=${t.startsWith(i)?"true":void 0} onClick=${()=>s(l)}>${i}</button>`)}
		</nav>`}var Xt=3,_o=50;function Zt({workspace:e}){let{meetings:t,selection:r}=e,{sort:n,view:s}=t.view.value,{months:i,total:l}=t.overview.value,a=n==="newest"||n==="oldest",m=C(null),c=Gt(m,s,a),u=Ee(()=>st(a?i.map(({month:h,count:b})=>({name:h,count:b})):[{name:"",count:l}],c),[i,l,a,c]),[f,p]=$({top:0,bottom:globalThis.innerHeight});_(()=>{let h=()=>{let b=c.row,T=Math.floor(-(m.current?.getBoundingClientRect().top??0)/b)*b;p(K=>K.top===T&&K.bottom===T+innerHeight+b?K:{top:T,bottom:T+innerHeight+b})};return h(),addEventListener("scroll",h,{passive:!0}),addEventListener("resize",h),()=>{removeEventListener("scroll",h),removeEventListener("resize",h)}},[c,u]);let[y,A]=l<=_o?[0,l]:ke(u,f.top-Xt*c.row,f.bottom+Xt*c.row);v(()=>t.want(y,A),[y,A,t.pages.value]);let[F]=ke(u,f.top+c.row,f.bottom);Yt({root:m,layout:u,meetings:t,first:F});let[k,P]=$(-1),U=h=>{let b=(m.current?.getBoundingClientRect().top??0)+Z(u,h),T=c.heading+c.row;b<T?scrollBy({top:b-T}):b+c.row>innerHeight-16&&scrollBy({top:b+2*c.row-innerHeight})};Wt({root:m,total:l,columns:c.columns,focused:k,setFocused:P,reveal:U,firstOnScreen:F,onSelect:h=>{let b=t.at(h);b&&r.set(b,h,!r.has(b.id))}});let $e=({target:h})=>P(Number(h.closest("[data-index]")?.dataset.index??-1)),q=({relatedTarget:h})=>h&&!m.current?.contains(h)&&P(-1),Be=new Set(at(y,A));k>=0&&k<l&&Be.add(k);let yo=u.sections.filter(h=>h===be(u,k)||h.first<A&&h.first+h.count>y);return o`
		<div class=${`library ${s}`} ref=${m} aria-busy=${t.loading.value?"true":void 0} style=${{height:`${u.height}px`}} onFocusIn=${$e} onFocusOut=${q}>
			${yo.map(h=>o`
				<section class="month" key=${h.name||"all"} style=${{top:`${h.top}px`,height:`${h.height}px`}}>
					${a&&o`<h2>${De(h.name)}</h2>`}
					<ul class="rows" style=${{height:`${h.height-c.heading}px`}}>
						${[...Be].filter(b=>b>=h.first&&b<h.first+h.count).sort((b,T)=>b-T).map(b=>{let T=b-h.first,K=t.at(b);return o`<${Vt} key=${K?.id??b} workspace=${e} meeting=${K} index=${b} total=${l}
								line=${Math.floor(T/c.columns)} column=${T%c.columns} measures=${c} />`})}
					</ul>
				</section>`)}
		</div>
		${a&&o`<${Qt} sections=${u.sections} current=${be(u,F)?.name??""} root=${m} />`}`}function eo({workspace:e}){let{selection:t,meetings:r,db:n}=e,s=t.meetings.filter(({recording:c})=>c);if(!s.length)return null;let i=async()=>{try{for(let{recording:c=""}of s)await n.collection("recordings").delete(c);t.clear()}finally{r.refreshSoon()}},l=H(s.reduce((c,{size:u=0})=>c+u,0)),a=s.filter(({recording_id:c})=>e.transferOf(c)?.status!=="delivered").length,m=a?` ${S(a,"of them is","of them are")} not on Loom yet. You can copy ${a===1?"it":"them"} again.`:" The videos on Loom are kept.";return o`
		<${I} label=${`Delete ${S(s.length,"copy","copies")}`} confirmLabel="Delete" action=${i}
			question=${`Delete ${S(s.length,"video")} here and free ${l}?${m}`} />`}function to({workspace:{selection:e,lookup:t}}){let[r,n]=$(!1),[s,i]=$([]),l=e.meetings.filter(({recording:u})=>u).map(({recording_id:u})=>u),a=new Set(s.map(({recording_id:u})=>u)),m=l.filter(u=>!a.has(u)),c=s.map(({recording_id:u,url:f})=>[t.get(u)?.title,f].filter(Boolean).join(": "));return l.length?o`
		${m.length>0&&!r&&o`<${d} kind="quiet small" onClick=${()=>n(!0)}>Share ${S(m.length,"recording")}</${d}>`}
		${m.length>0&&r&&o`
			<${Et} recordingIDs=${m} onCancel=${()=>n(!1)}
				onSaved=${u=>i(f=>[...f,u])} />`}
		${s.length>0&&o`<${Ft} id="selected-links" label=${`Anybody with ${s.length===1?"the link":"a link"} can watch the recording`} text=${c.join(`
`)} />`}`:null}function oo({workspace:e}){let{selection:t,meetings:r}=e,[n,s]=$(null),[i,l]=$({}),{count:a,bytes:m,seconds:c,uncopied:u}=t.summary,{run:f,busy:p,error:y,clear:A}=x(async q=>{s(null),s(await e.transferMany(t.request,q?i:{deliver:q})),t.clear()}),F=({currentTarget:{checked:q}})=>{A(),q?t.selectAll():t.clear()},k=a>0&&a===r.total,[P,U]=[ne(c),a>0&&et(u,e.latestCopies)],$e=[`${ie(a)} selected`,m?H(m):P&&`${P} of recordings`,U&&`${U} to copy`];return o`
		<div class=${`selection${a?" open":""}`} role="group" aria-label="Selected meetings">
			<label>
				<input type="checkbox" checked=${k} indeterminate=${a>0&&!k} onChange=${F} />
				${r.total===1?"Select the meeting":`Select all ${S(r.total,"meeting")}`}
			</label>
			<span class="muted" aria-live="polite">${a>0&&$e.filter(Boolean).join(" \xB7 ")}</span>
			${a>0&&o`
				<div class="actions">
					${e.fathom&&o`
						<${d} kind="primary small" busy=${p} onClick=${()=>f(!0)}>${M(j(e.delivery,i),a)}</${d}>
						<${d} kind="quiet small" busy=${p} onClick=${()=>f(!1)}>Only keep a copy here</${d}>`}
					<${Bt} kind="quiet small" db=${e.db} selection=${t.request} />
					<${to} key=${t.meetings.map(({id:q})=>q).join()} workspace=${e} />
					<${eo} workspace=${e} />
					<${d} kind="link" onClick=${()=>t.clear()}>Clear</${d}>
				</div>
				${e.fathom&&o`<${z} workspace=${e} id="selected" choice=${i} onChange=${l} many=${!0} />`}`}
			${y&&o`<${g}>${L(y)}</${g}>`}
			${!a&&o`<${W} result=${n} />`}
		</div>`}function ro({workspace:e}){let{run:t,busy:r,error:n}=x(()=>e.jobs.sync({full:!0}));return o`
		<${d} kind="link" busy=${r} onClick=${t}>Check all meetings</${d}>
		${n&&o`<span class="error" role="alert">${L(n)}</span>`}`}var No=50;function no({workspace:{db:e},sync:t}){let[r,n]=$(null),{run:s,error:i}=x(async()=>n(await e.collection("unreadable_meetings").getList(1,No,{sort:"-created"})));return v(()=>{s()},[t.id,t.finished_at]),i?o`<p class="error" role="alert">${L(i)} <${d} kind="link" onClick=${s}>Try again</${d}></p>`:r?.totalItems?o`
		<details class="unreadable">
			<summary>${S(r.totalItems,"meeting")} at Fathom could not be read</summary>
			<p>Nothing is lost: a later version of this server tries them again. So does a check of all meetings, if Fathom changes them.</p>
			<ul class="notices">
				${r.items.map(({id:l,recording_id:a,reason:m})=>o`
					<li key=${l}><strong>${a?`Recording ${a}`:"A meeting without an id"}</strong> <span class="muted">${m}</span></li>`)}
			</ul>
			${r.totalItems>r.items.length&&o`<p class="muted">The latest ${r.items.length} are shown.</p>`}
		</details>`:null}function io({workspace:e}){let t=e.jobs.lastSync;return o`
		<div class="sync-status">
			<div aria-live="polite">
				${t?.status==="dead"?o`<p class="error">Last sync failed: ${t.error}</p>`:o`<p class="muted">${Do(e.jobs,t)}</p>`}
			</div>
			${t&&ge(t)&&o`<${St} kind="link" jobs=${e.jobs} job=${t} title="Sync meetings" />`}
			${t&&!ge(t)&&e.fathom&&o`<${ro} workspace=${e} />`}
			${t&&o`<${no} workspace=${e} sync=${t} />`}
		</div>`}function Do(e,t){switch(t?.status){case"pending":case"failed":{let r=rt(t,e,ee(...ce(t,e)));return t.stage?`Syncing with Fathom: ${t.stage}. ${r}`:`The sync waits. ${r}`}case"processing":return`Syncing with Fathom: ${t.stage||"starting"}`;case"completed":return`Synced ${He(t.finished_at,ee(t.finished_at))} \xB7 ${Ho(t.result)}`;case"cancelled":return"Last sync cancelled.";default:return""}}function Ho(e){return[e?.added?S(e.added,"new meeting"):"",e?.updated?`${e.updated} updated`:"",e?.withdrawn?`${e.withdrawn} no longer at Fathom`:""].filter(Boolean).join(", ")||"no changes"}function so({workspace:e}){let[t,r]=$(null),[n,s]=$({}),i=e.meetings.states.value.at_fathom,l=async()=>r(await e.transferMany({library:{state:"at_fathom"}},n)),a=j(e.delivery,n);return o`
		${i>0&&o`
			<${I} kind="primary" label=${M(e.delivery,i)} confirmLabel=${M(a,i)}
				question=${fe(a,i)} action=${l}>
				<${z} workspace=${e} id="all" choice=${n} onChange=${s} many=${!0} />
			</${I}>`}
		<${W} result=${t} />`}function lo({workspace:e}){let[t,r]=$(null),[n,s]=$(null),[i,l]=$({}),{meetings:a}=e,m=j(e.delivery,i),c={library:a.filter},{run:u,error:f}=x(async k=>{s(await e.transferMany(c,{...k,dryRun:!0}))}),p=a.total;if(!p||a.loading.value)return null;let y=async()=>{let k=await e.transferMany(c,{...i,dryRun:!0});if(!k.created)throw new Error(ao(k,m));s(k)},A=k=>{l(k),k.byHand!==i.byHand&&u(k)},F=async()=>r(await e.transferMany(c,i));return o`
		<${I} kind="primary" label=${`Copy ${S(p,"matching meeting")}`} confirmLabel=${M(m,n?.created)} prepare=${y}
			question=${n?ao(n,m):""} action=${F}>
			<${z} workspace=${e} id="matching" choice=${i} onChange=${A} many=${!0} />
			${f&&o`<${g}>${L(f)}</${g}>`}
		</${I}>
		<${W} result=${t} />`}function ao({created:e,active:t,skipped:r,waiting:n},s){let i=Rt({active:t,skipped:r,waiting:n});return e?`${fe(s,e)} ${i}`:`There is nothing to copy. ${i}`}var Le="first-run";function co({user:e,meetings:t,fathom:r},n){let s=C(void 0),i=sessionStorage.getItem(Le)===e.id;n?s.current=!0:!i&&!s.current?s.current=!1:s.current===void 0&&t.loaded.value&&(s.current=t.states.value.at_fathom===t.totalOfAll.value);let l=s.current?n||!!r:s.current??void 0;return v(()=>{n?sessionStorage.setItem(Le,e.id):i&&s.current===!1&&sessionStorage.removeItem(Le)},[n,i,s.current]),l}function uo({workspace:e,query:t}){let{meetings:r,selection:n}=e;_(()=>{let f=ae(t);JSON.stringify(f.filter)!==JSON.stringify(r.view.value.filter)&&n.clear(),r.show(f)},[t]),_(()=>{let f=r.scroll;requestAnimationFrame(()=>scrollTo(0,f));let p=()=>{r.scroll=scrollY};return addEventListener("scroll",p,{passive:!0}),()=>removeEventListener("scroll",p)},[]);let s=r.loaded.value&&e.connections.loaded.value,i=r.error.value||e.connections.error.value,l=s&&!r.totalOfAll.value,a=co(e,l),m=s&&a!==void 0,c=e.fathom?.status==="invalid",u=!c&&o`<${io} workspace=${e} />`;return o`
		<div class="page">
			<div class="page-head">
				<div>
					<${pe} title="Meetings" />
					${m&&!a&&u}
				</div>
				${m&&!a&&e.fathom&&o`<${mo} workspace=${e} />`}
			</div>
			${c&&!(a&&l)&&o`
				<${g}>${e.fathom?.reason||"Fathom does not accept your API key."} <a href=${N("fathom")}>Replace the key</a></${g}>`}
			${m&&!l&&!e.fathom&&o`
				<${g} kind="note">No Fathom API key is saved, so new meetings are not synced. <a href=${N("fathom")}>Connect Fathom</a></${g}>`}
			${i&&o`<${g}>${i} <${d} kind="link" onClick=${()=>Uo(e)}>Try again</${d}></${g}>`}
			${!m&&!i&&o`<${R} label="Loading meetings" />`}
			${m&&a&&o`<${Tt} workspace=${e} />`}
			${m&&a&&!l&&o`<div class="first-tools"><div>${u}</div><${mo} workspace=${e} /></div>`}
			${m&&!l&&o`<${At} /><${zt} workspace=${e} /><${Ko} workspace=${e} />`}
		</div>`}function Uo(e){e.meetings.refresh(),e.connections.reload(),e.transfers.reload()}function mo({workspace:e}){let{meetings:t}=e,r=X(t.view.value.filter);return o`
		<div class="actions list-actions">
			<${xt} workspace=${e} />
			${r?o`<${lo} key=${JSON.stringify(t.filter)} workspace=${e} />`:o`<${so} workspace=${e} />`}
		</div>`}function Ko({workspace:e}){let{meetings:t}=e,{view:r}=t;return t.total?o`
		<${oo} workspace=${e} />
		<${Zt} workspace=${e} />`:t.loading.value?o`<${R} label="Searching" />`:o`
			<section class="empty">
				<h2>No matches</h2>
				<p>${r.value.filter.title?`No meeting has \u201C${r.value.filter.title.trim()}\u201D in its title${X({...r.value.filter,title:""})?" and matches the filters":""}.`:"No meeting matches the filters."}</p>
				<a class="button quiet" href=${O({...r.value,filter:{}})}>Show all meetings</a>
			</section>`}var fo=()=>o`
	<div class="page narrow">
		<${pe} title="Page not found" />
		<p>There is no page at this address. It may have been moved, or the link is incomplete.</p>
		<p><a class="button primary" href=${w("/")}>Go to your meetings</a></p>
	</div>`;var{Later:B,preload:jo}=Dt(()=>import("./more_pages-MSVS4BTS.js"));function po(){let e=me.value,{page:t}=E.value;if(Pe(E.value))return o`<${B} key=${location.hash} name=${zo[t]} token=${location.hash.slice(1)} />`;if(t==="forgot-password")return o`<${B} name="ForgotPasswordPage" />`;switch(e.phase){case"starting":return o`<main class="splash"><${R} label="Loading your meetings" /></main>`;case"offline":return o`
				<main class="splash">
					<${J} />
					<p role="alert">${e.notice}</p>
					<${d} onClick=${mt}>Try again</${d}>
				</main>`;case"signed-out":return o`<${Kt} notice=${e.notice||Wo()} />`;default:return o`<${Go} key=${e.workspace.user.id} workspace=${e.workspace} />`}}var zo={"reset-password":"ResetPasswordPage","verify-email":"VerifyEmailPage","confirm-email":"ConfirmEmailPage"};function Wo(){return E.value.page==="authorize"?"An assistant asks for access to your meetings. Sign in to decide.":Je.value?"Sign in to finish connecting Atlassian.":""}function Go({workspace:e}){let t=E.value;v(()=>{let n=setTimeout(jo,1e3);return()=>clearTimeout(n)},[]);let r=(...n)=>n.includes(t.page)?"page":void 0;return o`
		<a class="skip" href=${`${location.pathname}${location.search}#content`} onClick=${Jo}>Skip to content</a>
		<header class="top">
			<a class="brand" href=${w("/")} aria-label="Fathom-to-Loom: meetings"><${J} /><span>Fathom-to-Loom</span></a>
			<nav aria-label="Main">
				<a href=${w("/")} aria-current=${r("meetings","meeting","search")}>Meetings</a>
				<${Pt} workspace=${e} current=${r("upload")} />
				<a href=${Ie()} aria-current=${r("activity")}>Activity</a>
				<a href=${w("/settings")} aria-current=${r("settings","atlassian-callback")}>Settings</a>
				<a href=${w("/help")} aria-current=${r("help")}>Help</a>
			</nav>
			<div class="user">
				<span class="email" title=${e.user.email}>${e.user.email}</span>
				<button type="button" class="link" onClick=${vt}>Sign out</button>
			</div>
		</header>
		<main id="content" tabindex="-1" class=${V.lostAt.value>0?"stale":""}>
			<${ye} key=${qe(t)} fallback=${o`<${Ht} />`}>
				<${Yo} workspace=${e} route=${t} />
			</${ye}>
		</main>
		<${Ut} />
		<${Nt} workspace=${e} />`}function Yo({workspace:e,route:t}){switch(t.page){case"upload":return o`<${B} name="UploadPage" workspace=${e} />`;case"activity":return o`<${B} name="ActivityPage" workspace=${e} query=${t.query} />`;case"settings":return o`<${B} name="SettingsPage" workspace=${e} section=${t.section} />`;case"help":return o`<${B} name="HelpPage" />`;case"atlassian-callback":return o`<${B} name="AtlassianCallbackPage" workspace=${e} />`;case"authorize":return o`<${B} name="AuthorizePage" query=${t.query} />`;case"meeting":return o`<${B} name="MeetingPage" workspace=${e} id=${t.id} at=${t.at} tab=${t.tab} />`;case"search":return o`<${B} name="SearchPage" workspace=${e} query=${t.query} />`;case"not-found":return o`<${fo} />`;default:return o`<${uo} workspace=${e} query=${"query"in t?t.query:""} />`}}function Jo(e){e.preventDefault(),document.getElementById("content")?.focus()}function $o(){Re(()=>{let{value:e}=me,t=e.phase==="ready"?Vo(e.workspace.jobs.transferring.value,s=>e.workspace.stateOf(s)):"";document.title=[t,ue.value,"Fathom-to-Loom"].filter(Boolean).join(" \xB7 ");let r=document.querySelector("link[rel=icon]"),n=`${te()}/${t?"favicon-busy.svg":"favicon.svg"}`;r&&r.href!==n&&(r.href=n)})}function Vo(e,t){let[r]=e;return e.size<=1?e.size?t(r).label:"":S(e.size,"copy","copies")}function go(e){let t=[];e.addEventListener("focusin",r=>{t=Qo(r.target,e)}),document.addEventListener("pointerdown",r=>{t.length&&!t[0].contains(r.target)&&(t=[])},{capture:!0}),new MutationObserver(()=>{if(!t.length||t[0].isConnected||document.activeElement&&document.activeElement!==document.body)return;let r=Xo(t,e);t=[],r&&(r.tabIndex<0&&(r.tabIndex=-1),r.focus({preventScroll:!0}),r.scrollIntoView({block:"nearest"}))}).observe(e,{childList:!0,subtree:!0})}function Qo(e,t){let r=[];for(let n=e;n&&n!==t;n=n.parentElement)r.push(n);return r}var ho="h1, h2, h3, .row-title";function Xo(e,t){for(let{dataset:r,isConnected:n}of e){let s=!n&&r.keep&&t.querySelector(`[data-keep="${CSS.escape(r.keep)}"]`);if(s)return s.querySelector(ho)}for(let r=e.find(({isConnected:n})=>n)??t;r;r=r===t?null:r.parentElement??t){let n=r.querySelector(ho);if(n)return n}return null}Mt();Qe();Ze();addEventListener("pageshow",Ve);Ke(te());_e();ct();$o();var Ae=document.getElementById("app");Ae&&(go(Ae),Fe(o`<${po} />`,Ae));
